import { deflateSync, inflateSync } from 'node:zlib';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressList, type EntryBits, inflateList, packEntries, statusAt } from './status-list.ts';
import { STATUS, statusValueOf } from './status-value.ts';

const MALFORMED = expect.objectContaining({ code: 'status-list-malformed' });
const TOO_LONG = expect.objectContaining({ code: 'status-list-malformed', bound: LIMITS.statusListEntries });
const bitsOf = fc.constantFrom<EntryBits>(1, 2, 4, 8);

/** The whole list as one number, entry 0 lowest: written another way than the code under test. */
function asNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
}

describe('entry 0 is the least significant (Token Status List, section 4.1)', () => {
  it('packs the two examples of the standard', () => {
    const oneBit = packEntries(1, Uint8Array.of(1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1));
    expect([...oneBit.bytes]).toEqual([0xb9, 0xa3]);
    const twoBits = packEntries(2, Uint8Array.of(1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3));
    expect([...twoBits.bytes]).toEqual([0xc9, 0x44, 0xf9]);
  });

  it('property: agrees with one large number, shifted', () => {
    fc.assert(
      fc.property(bitsOf, fc.uint8Array({ minLength: 1, maxLength: 70 }), (bits, raw) => {
        const entries = raw.map((value) => value % 2 ** bits);
        const list = packEntries(bits, entries);
        const whole = asNumber(list.bytes);
        for (const [index, value] of entries.entries()) {
          const shifted = (whole >> BigInt(index * bits)) & (2n ** BigInt(bits) - 1n);
          expect(BigInt(value)).toBe(shifted);
          expect(statusAt(list, index)).toBe(value);
        }
        // What fills up the last byte is VALID.
        expect(whole >> BigInt(entries.length * bits)).toBe(0n);
      }),
      { seed: 11 },
    );
  });

  it('REQ-STA-007 knows nothing of an index outside the list', () => {
    const list = packEntries(2, Uint8Array.of(1, 1, 1, 1));
    expect(list.size).toBe(4);
    for (const index of [4, 5, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(statusAt(list, index)).toBeUndefined();
    expect(statusAt({ ...list, bytes: list.bytes.subarray(1) }, 0)).toBeUndefined();
  });

  it('refuses a value that does not fit, no entries, and too many', () => {
    expect(() => packEntries(2, Uint8Array.of(4))).toThrowError(MALFORMED);
    expect(() => packEntries(1, Uint8Array.of(2))).toThrowError(MALFORMED);
    expect(() => packEntries(2, new Uint8Array())).toThrowError(MALFORMED);
    expect(() => packEntries(2, new Uint8Array(LIMITS.statusListEntries + 1))).toThrowError(TOO_LONG);
    expect(packEntries(2, new Uint8Array(LIMITS.statusListEntries)).size).toBe(LIMITS.statusListEntries);
  });

  it('an entry holds one value: INVALID before SUSPENDED before CONTESTED', () => {
    const value = (revoked: boolean, suspended: boolean, contested: boolean) =>
      statusValueOf({ revoked, suspended, contested });
    expect([value(true, true, true), value(false, true, true), value(false, false, true)]).toEqual([1, 2, 3]);
    expect(value(false, false, false)).toBe(STATUS.VALID);
  });
});

describe('REQ-STA-006 inflation is exact and bounded', () => {
  it('property: Node inflates what is compressed here, and the other way round', async () => {
    await fc.assert(
      fc.asyncProperty(bitsOf, fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bits, bytes) => {
        const list = { bits, bytes: new Uint8Array(bytes), size: (bytes.length * 8) / bits };
        expect(new Uint8Array(inflateSync(await compressList(list)))).toEqual(list.bytes);
        expect(await inflateList(bits, deflateSync(bytes, { level: 9 }))).toEqual(list);
      }),
      { seed: 12 },
    );
  });

  it.each([1, 2, 4, 8] as const)('%i bits: takes the bound and not one byte more', async (bits) => {
    const bytes = (LIMITS.statusListEntries * bits) / 8;
    const list = await inflateList(bits, deflateSync(new Uint8Array(bytes)));
    expect(list.size).toBe(LIMITS.statusListEntries);
    await expect(inflateList(bits, deflateSync(new Uint8Array(bytes + 1)))).rejects.toThrow(TOO_LONG);
  });

  it('stops a bomb long before its end', async () => {
    const bomb = deflateSync(new Uint8Array(512 * 1024 * 1024), { level: 9 });
    expect(bomb.length).toBeLessThan(LIMITS.statusListTokenBytes);
    const before = process.memoryUsage().arrayBuffers;
    await expect(inflateList(2, bomb)).rejects.toThrow(TOO_LONG);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  const whole = deflateSync(Uint8Array.from({ length: 300 }, (_, i) => (i * i) % 251));
  it.each([
    ['nothing', new Uint8Array()],
    ['a header only', whole.subarray(0, 2)],
    ['half a stream', whole.subarray(0, whole.length / 2)],
    ['a stream without its checksum', whole.subarray(0, -4)],
    ['a stream that lacks one byte', whole.subarray(0, -1)],
    ['a byte after the end', Buffer.concat([whole, Buffer.from([0])])],
    ['two streams', Buffer.concat([whole, whole])],
    ['a wrong checksum', Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) ?? 0) ^ 1])])],
    ['a wrong header', Buffer.concat([Buffer.from([0x1f, 0x8b]), whole.subarray(2)])],
    ['raw DEFLATE', whole.subarray(2, -4)],
    ['an empty list', deflateSync(new Uint8Array())],
    ['noise', Uint8Array.from({ length: 64 }, (_, i) => (i * 97) % 256)],
  ])('refuses %s', async (_, bytes) => {
    await expect(inflateList(2, bytes)).rejects.toThrow(MALFORMED);
  });
});

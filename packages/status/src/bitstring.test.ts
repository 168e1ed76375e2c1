import { gunzipSync, gzipSync } from 'node:zlib';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBitstring, encodeBitstring, isSetAt } from './bitstring.ts';

const MALFORMED = expect.objectContaining({ code: 'status-list-malformed' });
const malformedPast = (bound: number) => expect.objectContaining({ code: 'status-list-malformed', bound });
const MIN_BYTES = LIMITS.bitstringEntries / 8;
const MAX_BYTES = LIMITS.statusListEntries / 8;
const texted = (compressed: Uint8Array) => `u${Buffer.from(compressed).toString('base64url')}`;

/** The list as a text of digits, entry 0 first: written another way than the code under test. */
function digitsOf(encodedList: string): string {
  const bytes = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'));
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
}

describe('entry 0 is the left-most bit (Bitstring Status List, section 3.3)', () => {
  it('property: agrees with the digits of its bytes, and fills up with zeros', async () => {
    const setBits = fc.uniqueArray(fc.nat(LIMITS.bitstringEntries + 900), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(setBits, fc.integer({ min: 1, max: 1000 }), async (set, more) => {
        const entries = new Uint8Array(Math.max(more, ...set.map((index) => index + 1)));
        for (const index of set) entries[index] = 1;
        const encoded = await encodeBitstring(entries);
        const digits = digitsOf(encoded);
        expect(digits.length).toBe(Math.ceil(Math.max(entries.length, LIMITS.bitstringEntries) / 8) * 8);
        const found = [...digits.matchAll(/1/g)].map(({ index }) => index);
        expect(found).toEqual(set.toSorted((a, b) => a - b));
        const list = await decodeBitstring(encoded);
        expect(list.size).toBe(digits.length);
        for (const index of [...set, 0, digits.length - 1])
          expect(isSetAt(list, index)).toBe(digits[index] === '1');
      }),
      { seed: 21, numRuns: 30 },
    );
  });

  it('reads the list of the standard’s own example: 131,072 entries, none set', async () => {
    const example = 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA';
    const { size, bytes } = await decodeBitstring(example);
    expect(size).toBe(131_072);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('the same entries give the same text, which tells no time and no machine', async () => {
    const entries = Uint8Array.of(0, 1, 1);
    const encoded = await encodeBitstring(entries);
    const padded = new Uint8Array(LIMITS.bitstringEntries);
    padded.set(entries);
    expect(await encodeBitstring(padded)).toBe(encoded);
    const member = Buffer.from(encoded.slice(1), 'base64url');
    expect([...member.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it('REQ-STA-007 knows nothing of an index outside the list', async () => {
    const list = await decodeBitstring(await encodeBitstring(Uint8Array.of(1)));
    expect(isSetAt(list, 0)).toBe(true);
    for (const index of [list.size, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(isSetAt(list, index)).toBeUndefined();
    expect(isSetAt({ ...list, bytes: list.bytes.subarray(0, 1) }, 8)).toBeUndefined();
  });

  it('refuses what is neither 0 nor 1, no entries, and too many', async () => {
    await expect(encodeBitstring(Uint8Array.of(0, 2))).rejects.toThrow(malformedPast(1));
    await expect(encodeBitstring(new Uint8Array())).rejects.toThrow(MALFORMED);
    await expect(encodeBitstring(new Uint8Array(LIMITS.statusListEntries + 1))).rejects.toThrow(
      malformedPast(LIMITS.statusListEntries),
    );
    const most = await decodeBitstring(await encodeBitstring(new Uint8Array(LIMITS.statusListEntries)));
    expect(most.size).toBe(LIMITS.statusListEntries);
  });
});

describe('REQ-STA-006 expansion is exact and bounded', () => {
  it('takes the bounds, and not one byte less or more', async () => {
    for (const bytes of [MIN_BYTES, MAX_BYTES])
      expect((await decodeBitstring(texted(gzipSync(new Uint8Array(bytes))))).size).toBe(bytes * 8);
    await expect(decodeBitstring(texted(gzipSync(new Uint8Array(MIN_BYTES - 1))))).rejects.toThrow(
      malformedPast(LIMITS.bitstringEntries),
    );
    await expect(decodeBitstring(texted(gzipSync(new Uint8Array(MAX_BYTES + 1))))).rejects.toThrow(
      malformedPast(LIMITS.statusListEntries),
    );
  });

  it('stops a bomb long before its end', async () => {
    const bomb = texted(gzipSync(new Uint8Array(512 * 1024 * 1024), { level: 9 }));
    expect(bomb.length).toBeLessThan(LIMITS.statusListTokenBytes);
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeBitstring(bomb)).rejects.toThrow(malformedPast(LIMITS.statusListEntries));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  const whole = gzipSync(Uint8Array.from({ length: MIN_BYTES }, (_, i) => (i * i) % 251));
  const flipped = (at: number) => whole.map((byte, i) => (i === whole.length + at ? byte ^ 1 : byte));
  it.each<[string, string]>([
    ['nothing', ''],
    ['no list', 'u'],
    ['another multibase', texted(whole).replace('u', 'm')],
    ['no multibase', texted(whole).slice(1)],
    ['padding', `${texted(gzipSync(new Uint8Array(MIN_BYTES)))}==`],
    ['half a member', texted(whole.subarray(0, whole.length / 2))],
    ['a member that lacks one byte', texted(whole.subarray(0, -1))],
    ['a wrong length', texted(flipped(-1))],
    ['a wrong checksum', texted(flipped(-8))],
    ['a byte after the end', texted(Buffer.concat([whole, Buffer.from([0])]))],
    ['two members', texted(Buffer.concat([whole, whole]))],
    ['ZLIB', texted(Buffer.concat([Buffer.from([0x78, 0x9c]), whole.subarray(10, -8)]))],
    ['raw DEFLATE', texted(whole.subarray(10, -8))],
  ])('refuses %s', async (_, encoded) => {
    await expect(decodeBitstring(encoded)).rejects.toThrow(MALFORMED);
  });
});

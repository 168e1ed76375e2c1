import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { isSymbolonError } from '@symbolon/protocol/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as onNode from './zlib.node.ts';
import * as portable from './zlib.ts';

const BOUND = 4096;

/** Bytes, 'too much', or the code of the refusal. */
async function outcome(read: typeof portable.inflate, input: Uint8Array, bound = BOUND) {
  try {
    const bytes = await read(input, bound);
    return bytes === undefined ? 'too much' : Buffer.from(bytes).toString('hex');
  } catch (error) {
    return isSymbolonError(error) ? error.code : error;
  }
}

/** Sparse, like a list, or noise; up to somewhat more than the bound. */
const content = fc
  .tuple(fc.nat(BOUND + 300), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 200 }), fc.boolean())
  .map(([length, set, noise]) => {
    const bytes = noise ? insecureRandomFromSeed(`zlib ${length}`)(length) : new Uint8Array(length);
    for (const [at, value] of set) if (length > 0) bytes[at % length] = value;
    return bytes;
  });
const settings = fc.record({
  level: fc.constantFrom(0, 1, 6, 9),
  strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY),
});

describe.each([
  ['inflate', onNode.inflate, portable.inflate, deflateSync],
  ['gunzip', onNode.gunzip, portable.gunzip, gzipSync],
] as const)('REQ-STA-006 %s: Node’s road is the portable one', (_, fast, reference, compress) => {
  it('property: of whole streams the same bytes, or too much', async () => {
    const seen = { bytes: 0, tooMuch: 0 };
    await fc.assert(
      fc.asyncProperty(content, settings, async (bytes, options) => {
        const packed = compress(bytes, options);
        const expected = bytes.length > BOUND ? 'too much' : Buffer.from(bytes).toString('hex');
        seen[bytes.length > BOUND ? 'tooMuch' : 'bytes']++;
        expect(await outcome(reference, packed)).toBe(expected);
        expect(await outcome(fast, packed)).toBe(expected);
      }),
      { seed: 71, numRuns: 200 },
    );
    expect(Math.min(seen.bytes, seen.tooMuch)).toBeGreaterThan(5);
  });

  it('property: of changed streams the same bytes or the same refusal', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        content,
        settings,
        fc.nat(),
        fc.uint8Array({ maxLength: 3 }),
        fc.nat(3),
        async (bytes, options, position, put, cut) => {
          const packed = compress(bytes, options);
          // Often near an end, where header and checksum are.
          const at =
            [position % 24, packed.length - (position % 24), position % packed.length][position % 3] ?? 0;
          const start = Math.max(0, Math.min(at, packed.length));
          const changed = Buffer.concat([packed.subarray(0, start), put, packed.subarray(start + cut)]);
          // Too long *and* broken is told as either, by what is met first. Both are one refusal to whoever reads the list.
          const told = (answer: unknown) => (answer === 'too much' ? 'status-list-malformed' : answer);
          const expected = told(await outcome(reference, changed));
          if (expected === 'status-list-malformed') refused++;
          expect(told(await outcome(fast, changed))).toBe(expected);
        },
      ),
      { seed: 72, numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(700);
  });

  const one = compress(Uint8Array.from({ length: 300 }, (__, i) => (i * i) % 251));
  const none = compress(new Uint8Array());
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a stream twice', Buffer.concat([one, one])],
    ['nothing, and then a stream', Buffer.concat([none, one])],
    ['a stream, and then nothing', Buffer.concat([one, none])],
    ['a zero behind it', Buffer.concat([one, Buffer.alloc(1)])],
    ['many zeros behind it', Buffer.concat([one, Buffer.alloc(2000)])],
    ['the foot of a member behind it', Buffer.concat([one, one.subarray(-8)])],
    ['zlib for gzip', deflateSync(one)],
    ['gzip for zlib', gzipSync(one)],
    ['raw DEFLATE', deflateRawSync(one)],
  ])('the same refusal: %s', async (name, input) => {
    const ofOwnKind = name.endsWith(compress === gzipSync ? 'for zlib' : 'for gzip');
    const expected = ofOwnKind ? expect.stringMatching(/^[0-9a-f]+$/) : 'status-list-malformed';
    expect(await outcome(reference, input)).toEqual(expected);
    expect(await outcome(fast, input)).toEqual(await outcome(reference, input));
  });

  it('stops at every bound, and takes what is just as long', async () => {
    const bytes = insecureRandomFromSeed('zlib bound')(200);
    const packed = compress(bytes);
    for (const bound of [1, 63, 64, 65, 199]) expect(await outcome(fast, packed, bound)).toBe('too much');
    for (const bound of [200, 201, 70_000])
      expect(await outcome(fast, packed, bound)).toBe(Buffer.from(bytes).toString('hex'));
  });
});

/** RFC 1952, section 2.3.1: text, checksum of the header, extra field, name, comment; and bits that nobody has given a meaning. */
describe('REQ-STA-006 gunzip: headers that say more', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
  const plain = gzipSync(bytes);
  const extra: readonly (readonly [number, readonly number[]])[] = [
    [1, []],
    [4, [3, 0, 1, 2, 3]],
    [8, [97, 98, 0]],
    [16, [99, 0]],
    [24, [97, 0, 98, 0]],
    [2, [0, 0]],
    [32, []],
    [224, []],
    [8, [97]],
  ];
  it.each(extra)('flags %i: as the portable road', async (flags, field) => {
    const head = Buffer.from(plain.subarray(0, 10));
    head[3] = flags;
    const packed = Buffer.concat([head, Buffer.from(field), plain.subarray(10)]);
    const expected = await outcome(portable.gunzip, packed);
    expect(await outcome(onNode.gunzip, packed)).toBe(expected);
    if (flags === 24) expect(expected).toBe(Buffer.from(bytes).toString('hex'));
    if (flags === 224) expect(expected).toBe('status-list-malformed');
  });
});

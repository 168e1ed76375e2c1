import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '../qr-text/cbor.ts';
import { isPlainCborOf, readPlainCbor } from './plain-cbor.ts';

/** The reference is the road of the library. */
function byLibrary(bytes: Uint8Array): unknown {
  try {
    return decodeCbor(bytes);
  } catch {
    return undefined;
  }
}

const number = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.maxSafeInteger(),
  fc.constantFrom(
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    -24,
    -25,
    -(2 ** 32),
    -(2 ** 32) - 1,
  ),
);
const leaf = fc.oneof(
  number,
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 40 }),
  fc.string({ maxLength: 300, size: 'max' }),
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.constant('\u{feff}a'),
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 250, maxLength: 300 }),
);
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 30 })),
}));

describe('REQ-DEC-010 plain CBOR is read and held against its bytes as the library would', () => {
  it('property: of what the library wrote', () => {
    let plain = 0;
    fc.assert(
      fc.property(anything, (value) => {
        const bytes = encodeCbor(value);
        const read = readPlainCbor(bytes);
        expect(isPlainCborOf(value, bytes)).toBe(read !== undefined);
        if (read === undefined) return;
        plain++;
        expect(read).toEqual(byLibrary(bytes));
        expect(encodeCbor(read)).toEqual(bytes);
      }),
      { seed: 81, numRuns: 2000 },
    );
    expect(plain).toBeGreaterThan(900);
  });

  it('property: of changed bytes, never something else, and never a second form of the same', () => {
    let read = 0;
    fc.assert(
      fc.property(
        anything,
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { maxLength: 2 }),
        (value, changes) => {
          let bytes = encodeCbor(value);
          for (const [position, byte, cut] of changes) {
            const at = position % bytes.length;
            bytes = Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at + cut)]);
          }
          const item = readPlainCbor(bytes);
          if (item === undefined) return;
          read++;
          expect(item).toEqual(byLibrary(bytes));
          expect(encodeCbor(item)).toEqual(bytes);
          expect(isPlainCborOf(item, bytes)).toBe(true);
        },
      ),
      { seed: 82, numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(600);
  });

  it('property: bytes are those of a value only if the library writes just these', () => {
    fc.assert(
      fc.property(anything, anything, fc.boolean(), (value, other, swap) => {
        const bytes = encodeCbor(swap ? other : value);
        const same = Buffer.from(bytes).equals(encodeCbor(value));
        if (isPlainCborOf(value, bytes)) expect(same).toBe(true);
        for (const cut of [bytes.subarray(0, -1), Uint8Array.from([...bytes, 0])])
          expect(isPlainCborOf(value, cut)).toBe(false);
      }),
      { seed: 83, numRuns: 1000 },
    );
  });

  it.each<[string, readonly number[]]>([
    ['nothing', []],
    ['a long zero', [0x18, 0]],
    ['a long 23', [0x18, 23]],
    ['a longer 255', [0x19, 0, 255]],
    ['a longer 65535', [0x1a, 0, 0, 255, 255]],
    ['eight bytes', [0x1b, 0, 0, 0, 1, 0, 0, 0, 0]],
    ['an indefinite length', [0x9f, 0xff]],
    ['a reserved length', [0x1c]],
    ['a float', [0xf9, 0x3c, 0]],
    ['undefined', [0xf7]],
    ['a long simple value', [0xf8, 32]],
    ['a tag', [0xc1, 0]],
    ['a map', [0xa0]],
    ['a text that is no ASCII', [0x62, 0xc3, 0xa4]],
    ['a text that is no UTF-8', [0x61, 0xff]],
    ['an array cut off', [0x82, 0]],
    ['bytes cut off', [0x42, 0]],
    ['a length cut off', [0x19, 1]],
    ['something behind it', [0, 0]],
    ['nesting without end', Array<number>(1400).fill(0x81)],
    ['an array of four billion', [0x9a, 255, 255, 255, 255]],
  ])('left to the library: %s', (_, bytes) => {
    expect(readPlainCbor(Uint8Array.from(bytes))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['a fraction', 1.5],
    ['no number', Number.NaN],
    ['undefined', undefined],
    ['a big integer', 1n],
    ['an object', {}],
  ])('no bytes are those of %s', (_, value) => {
    for (const bytes of [[0], [1], [0xf7], [0xa0], [0xf9, 0x3e, 0]])
      expect(isPlainCborOf(value, Uint8Array.from(bytes))).toBe(false);
  });
});

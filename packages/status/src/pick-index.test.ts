import type { RandomBytes } from '@symbolon/protocol/random';
import { describe, expect, it } from 'vitest';
import { pickIndex } from './pick-index.ts';

/** xorshift32: the same numbers in every run. */
function seeded(seed: number): RandomBytes {
  let state = seed;
  return (length) => {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      out[i] = state >>> 24;
    }
    return out;
  };
}

/** Bytes from a list of 32-bit words, at an offset in a larger buffer. */
function words(...values: readonly number[]): RandomBytes {
  const rest = [...values];
  return () => {
    const view = new DataView(new ArrayBuffer(12));
    view.setUint32(4, rest.shift() ?? expect.unreachable());
    return new Uint8Array(view.buffer, 4, 4);
  };
}

describe('a random index that is free', () => {
  it.each([
    ['none taken', 10, () => false],
    ['every third taken', 10, (index: number) => index % 3 === 0],
    ['few free, so they are counted', 4000, (index: number) => index % 571 !== 0],
  ] as const)('is uniform: %s', (_, size, taken) => {
    const random = seeded(20_261_121);
    const free = Array.from({ length: size }, (_, index) => index).filter((index) => !taken(index));
    const seen = new Map(free.map((index) => [index, 0]));
    const rounds = 1000 * free.length;
    for (let round = 0; round < rounds; round++) {
      const index = pickIndex({ size, taken, random }) ?? -1;
      seen.set(index, (seen.get(index) ?? Number.NaN) + 1);
    }
    // Chi squared over the free entries: below the 99.9 % point of nine degrees of freedom (27.9) for all three.
    const spread = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(seen.size).toBe(free.length);
    expect(spread).toBeLessThan(27.9);
  });

  it('draws again instead of taking a remainder', () => {
    // 2^20 + 1 entries need 21 bits; of the words below, only the last is in range.
    const random = words(0xffff_ffff, 0x0010_0001, 0xffe0_0000 + 2 ** 20);
    expect(pickIndex({ size: 2 ** 20 + 1, taken: () => false, random })).toBe(2 ** 20);
    expect(pickIndex({ size: 2 ** 32, taken: () => false, random: words(0xffff_fffe) })).toBe(2 ** 32 - 2);
    expect(pickIndex({ size: 1, taken: () => false, random: words(7) })).toBe(0);
  });

  it('finds the only free one, and nothing when none is', () => {
    const random = seeded(3);
    expect(pickIndex({ size: 5000, taken: (index) => index !== 4321, random })).toBe(4321);
    expect(pickIndex({ size: 5000, taken: () => true, random })).toBeUndefined();
    expect(pickIndex({ size: 0, taken: () => false, random })).toBeUndefined();
  });

  it('stops when the source of randomness is stuck', () => {
    const random: RandomBytes = (length) => new Uint8Array(length).fill(0xff);
    expect(() => pickIndex({ size: 5, taken: () => false, random })).toThrowError(
      expect.objectContaining({ code: 'internal-error' }),
    );
  });
});

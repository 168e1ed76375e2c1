import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { indexPermutation } from './index-permutation.ts';

const random = insecureRandomFromSeed('permutation');

/** Chi-square of counts that should be equal, in standard deviations from its mean. */
function unevenness(counts: Iterable<number>): number {
  const all = [...counts];
  const mean = all.reduce((sum, count) => sum + count, 0) / all.length;
  const chiSquare = all.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  const freedom = all.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

describe('REQ-ISS-016 which index a position has', () => {
  it.each([1, 2, 3, 5, 64, 255, 256, 257, 4095, 4096, 10_007, 2 ** 16 + 1])(
    'a list of %i: every index once',
    (size) => {
      const { indexAt } = indexPermutation(random(32), size);
      const taken = new Uint8Array(size);
      for (let position = 0; position < size; position++) taken[indexAt(position)] = 1;
      expect(taken.every((each) => each === 1)).toBe(true);
    },
  );

  it('the largest list, too', () => {
    const { indexAt } = indexPermutation(random(32), LIMITS.statusListEntries);
    const taken = new Uint8Array(LIMITS.statusListEntries);
    for (let position = 0; position < taken.length; position++) taken[indexAt(position)] = 1;
    expect(taken.every((each) => each === 1)).toBe(true);
  });

  it('over many seeds each position is as likely to have one index as any other', () => {
    const size = 21;
    const counts = Array.from({ length: size * size }, () => 0);
    for (let seed = 0; seed < 4000; seed++) {
      const { indexAt } = indexPermutation(random(32), size);
      for (let position = 0; position < size; position++) {
        const cell = position * size + indexAt(position);
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
    // Rows and columns add up to the same, so there are fewer degrees of freedom than cells: it lies a little below the mean.
    expect(Math.abs(unevenness(counts))).toBeLessThan(4);
  });

  it('neighbours lie anywhere to one another', () => {
    const size = 1021;
    const distances = Array.from({ length: size - 1 }, () => 0);
    for (let seed = 0; seed < 60; seed++) {
      const { indexAt } = indexPermutation(random(32), size);
      for (let position = 0; position + 1 < size; position++) {
        const distance = (indexAt(position + 1) - indexAt(position) + size) % size;
        distances[distance - 1] = (distances[distance - 1] ?? 0) + 1;
      }
    }
    expect(Math.abs(unevenness(distances))).toBeLessThan(4);
  });

  it('another seed, or another size, has nothing in common with it', () => {
    const seed = random(32);
    const near = Uint8Array.from(seed, (byte, i) => (i === 31 ? byte ^ 1 : byte));
    const size = 4096;
    const agreeing = (a: Uint8Array, sizeA: number, b: Uint8Array, sizeB: number) => {
      const one = indexPermutation(a, sizeA);
      const other = indexPermutation(b, sizeB);
      return Array.from({ length: size }, (_, i) => i).filter((i) => one.indexAt(i) === other.indexAt(i))
        .length;
    };
    // Two random permutations agree in one place on average.
    expect(agreeing(seed, size, near, size)).toBeLessThan(8);
    expect(agreeing(seed, size, seed, size + 1)).toBeLessThan(8);
    expect(agreeing(seed, size, Uint8Array.from(seed), size)).toBe(size);
  });

  it('is misused with an error', () => {
    expect(() => indexPermutation(random(31), 8)).toThrow(RangeError);
    for (const size of [0, 1.5, LIMITS.statusListEntries + 1])
      expect(() => indexPermutation(random(32), size)).toThrow(RangeError);
    for (const position of [-1, 8, 0.5])
      expect(() => indexPermutation(random(32), 8).indexAt(position)).toThrow(RangeError);
  });
});

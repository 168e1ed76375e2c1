import type { RandomBytes } from '@symbolon/protocol/random';
import { indexPermutation, SEED_BYTES } from '@symbolon/status/index-permutation';

/** `count` different indices below `size`. */
export function randomIndices(size: number, count: number, random: RandomBytes): ReadonlySet<number> {
  const { indexAt } = indexPermutation(random(SEED_BYTES), size);
  return new Set(Array.from({ length: count }, (_, position) => indexAt(position)));
}

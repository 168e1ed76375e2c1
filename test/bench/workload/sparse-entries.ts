import type { RandomBytes } from '@symbolon/protocol/random';
import { pickIndex } from '@symbolon/status/pick-index';

/** `count` different indices below `size`. */
export function randomIndices(size: number, count: number, random: RandomBytes): ReadonlySet<number> {
  const chosen = new Set<number>();
  while (chosen.size < count) {
    const index = pickIndex({ size, taken: (each) => chosen.has(each), random });
    if (index === undefined) throw new RangeError('there are not so many indices');
    chosen.add(index);
  }
  return chosen;
}

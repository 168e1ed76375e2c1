import { EMPTY_ROOT, nodeHash } from '@symbolon/log/hashes';
import type { Bytes } from '@symbolon/protocol/bytes';

/**
 * The right edge of a tree: the roots of the whole subtrees that it is made of, largest first (RFC 6962, section 2.1). It is all that is needed to go on with it.
 */
export interface CompactRange {
  readonly size: number;
  readonly peaks: readonly Bytes[];
}

export const EMPTY_RANGE: CompactRange = { size: 0, peaks: [] };

/** A range that leaf hashes are added to, in place. */
export function growing({ size, peaks }: CompactRange): {
  add(leafHash: Bytes): void;
  range(): CompactRange;
} {
  const edge = [...peaks];
  let leaves = size;
  return {
    add: (leafHash) => {
      let hash = leafHash;
      for (let rest = leaves; rest % 2 === 1; rest = Math.floor(rest / 2)) {
        const left = edge.pop();
        if (left !== undefined) hash = nodeHash(left, hash);
      }
      edge.push(hash);
      leaves++;
    },
    range: () => ({ size: leaves, peaks: [...edge] }),
  };
}

export function rootOfRange({ peaks }: CompactRange): Bytes {
  return peaks.length === 0 ? EMPTY_ROOT : peaks.reduceRight((right, left) => nodeHash(left, right));
}

/** Whether there are as many peaks as a tree of this size has. */
export function isRange({ size, peaks }: CompactRange): boolean {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return peaks.length === ones;
}

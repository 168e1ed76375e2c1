import { leafHash, nodeHash, splitOf } from '@symbolon/log/hashes';
import type { RangeHash } from '@symbolon/log/proofs';

const FILLER = leafHash(new Uint8Array(0));

/**
 * Hashes of a tree of any size that begins with some leaves, and goes on with as many empty ones as it takes. Subtrees of empty leaves alone are the same for
 * each height, so a large tree costs no more than its first leaves.
 */
export function wideTree(leaves: readonly Uint8Array[]): RangeHash {
  const levels = [leaves.map(leafHash)];
  const fillers = [FILLER];
  const fillerAt = (height: number): Uint8Array => {
    let last = fillers.at(-1) ?? FILLER;
    while (fillers.length <= height) {
      last = nodeHash(last, last);
      fillers.push(last);
    }
    return fillers[height] ?? FILLER;
  };
  const wholeAt = (height: number, index: number): Uint8Array => levels[height]?.[index] ?? fillerAt(height);
  for (let height = 0; (levels[height]?.length ?? 0) > 1; height++) {
    const width = Math.ceil((levels[height]?.length ?? 0) / 2);
    levels.push(
      Array.from({ length: width }, (_, i) => nodeHash(wholeAt(height, 2 * i), wholeAt(height, 2 * i + 1))),
    );
  }
  const top = levels.length - 1;
  const hashOf = (start: number, count: number): Uint8Array => {
    const height = Math.log2(count);
    // Above the highest level that was made, the first subtree is put together from its halves.
    if (Number.isInteger(height) && (height <= top || start > 0)) return wholeAt(height, start / count);
    const left = splitOf(count);
    return nodeHash(hashOf(start, left), hashOf(start + left, count - left));
  };
  return async (start, count) => hashOf(start, count);
}

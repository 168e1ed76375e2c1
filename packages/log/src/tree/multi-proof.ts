import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { EMPTY_ROOT, HASH_BYTES, nodeHash, splitOf } from './hashes.ts';
import type { RangeHash } from './proofs.ts';

/*
 * One proof for many leaves of one tree: the hashes of all the subtrees without any of them, from the left to the right, dividing as RFC 6962 does. With many
 * leaves it is far smaller than a proof for each.
 */

/** @param indices increasing, each below `size` */
export async function multiProof(
  indices: readonly number[],
  size: number,
  hashOf: RangeHash,
): Promise<Bytes[]> {
  const hashes: Bytes[] = [];
  const walk = async (start: number, count: number, wanted: readonly number[]): Promise<void> => {
    if (wanted.length === 0) hashes.push(new Uint8Array(await hashOf(start, count)));
    if (wanted.length === 0 || count === 1) return;
    const middle = start + splitOf(count);
    const at = wanted.findIndex((index) => index >= middle);
    const cut = at < 0 ? wanted.length : at;
    await walk(start, middle - start, wanted.slice(0, cut));
    await walk(middle, start + count - middle, wanted.slice(cut));
  };
  if (size > 0) await walk(0, size, indices);
  return hashes;
}

/**
 * The root that some leaves and the hashes of the rest give.
 *
 * @param leaves index and leaf hash, by increasing index
 * @throws SymbolonError `inclusion-invalid` when these are not exactly the hashes of such a proof
 */
export function rootByMultiProof(
  leaves: readonly (readonly [index: number, hash: Uint8Array])[],
  size: number,
  hashes: readonly Uint8Array[],
): Uint8Array {
  const invalid = () => new SymbolonError('inclusion-invalid');
  if (!Number.isSafeInteger(size) || size < 0 || size > LIMITS.logLeaves) throw invalid();
  const all = [...hashes, ...leaves.map(([, hash]) => hash)];
  if (!all.every(({ length }) => length === HASH_BYTES)) throw invalid();
  let at = 0;
  let used = 0;
  const walk = (start: number, count: number): Uint8Array => {
    const next = leaves[at];
    if (next === undefined || next[0] >= start + count) {
      const hash = hashes[used++];
      if (hash === undefined) throw invalid();
      return hash;
    }
    // Not increasing, negative, or not a number of a leaf.
    if (!(next[0] >= start) || !Number.isSafeInteger(next[0])) throw invalid();
    if (count === 1) {
      at++;
      return next[1];
    }
    const left = splitOf(count);
    const hash = walk(start, left);
    return nodeHash(hash, walk(start + left, count - left));
  };
  const root = size === 0 ? EMPTY_ROOT : walk(0, size);
  if (at !== leaves.length || used !== hashes.length) throw invalid();
  return root;
}

import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { EMPTY_ROOT, HASH_BYTES, nodeHash, splitOf } from './hashes.ts';

/** The hash of the leaves from `start` on, `count` of them: a whole tree of its own. */
export type RangeHash = (start: number, count: number) => Promise<Uint8Array>;

/** RFC 6962, section 2.1.1: from the leaf's sibling up. @param index below `size` */
export async function inclusionProof(index: number, size: number, hashOf: RangeHash): Promise<Bytes[]> {
  const proof: Uint8Array[] = [];
  let [start, count] = [0, size];
  while (count > 1) {
    const left = splitOf(count);
    if (index < start + left) {
      proof.push(await hashOf(start + left, count - left));
      count = left;
    } else {
      proof.push(await hashOf(start, left));
      start += left;
      count -= left;
    }
  }
  return proof.reverse().map((hash) => new Uint8Array(hash));
}

/** RFC 6962, section 2.1.2. Empty when `oldSize` is 0 or `size`. @throws SymbolonError `log-truncated` when it is more than `size` */
export async function consistencyProof(oldSize: number, size: number, hashOf: RangeHash): Promise<Bytes[]> {
  if (oldSize > size) throw new SymbolonError('log-truncated');
  if (oldSize === 0 || oldSize === size) return [];
  const proof: Uint8Array[] = [];
  let [start, count] = [0, size];
  while (start + count !== oldSize) {
    const left = splitOf(count);
    if (oldSize <= start + left) {
      proof.push(await hashOf(start + left, count - left));
      count = left;
    } else {
      proof.push(await hashOf(start, left));
      start += left;
      count -= left;
    }
  }
  // The old tree itself: who checks has its root.
  if (start > 0) proof.push(await hashOf(start, count));
  return proof.reverse().map((hash) => new Uint8Array(hash));
}

/** The root that an inclusion proof leads to, or nothing when it has the wrong length. */
export function rootByInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  if (!isSize(size) || !isSize(index) || index >= size || !areHashes(proof)) return undefined;
  let hash = leaf;
  let [node, last] = [index, size - 1];
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // Levels on which this node is alone have no sibling.
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

/** REQ-LOG-006. @throws SymbolonError `inclusion-invalid` */
export function checkInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): void {
  const found = rootByInclusion(leaf, index, size, proof);
  if (found === undefined || !equalBytes(found, root)) throw new SymbolonError('inclusion-invalid');
}

/** A tree as a checkpoint names it. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** REQ-LOG-007: the new tree begins with the old one. @throws SymbolonError `log-fork` when it does not, `log-truncated` when it is smaller */
export function checkConsistency(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): void {
  if (older.size > newer.size) throw new SymbolonError('log-truncated');
  if (!isConsistent(older, newer, proof)) throw new SymbolonError('log-fork');
}

function isConsistent(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!isSize(older.size) || !isSize(newer.size)) return false;
  if (!areHashes(proof) || !areHashes([older.root, newer.root])) return false;
  if (older.size === 0 && !equalBytes(older.root, EMPTY_ROOT)) return false;
  if (older.size === newer.size) return proof.length === 0 && equalBytes(older.root, newer.root);
  // The empty tree begins every other.
  if (older.size === 0) return proof.length === 0;
  let [node, last] = [older.size - 1, newer.size - 1];
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  // Where the old tree is a whole subtree of the new one, its root is not in the proof.
  const [first, ...rest] = node === 0 ? [older.root, ...proof] : proof;
  if (first === undefined) return false;
  let [oldRoot, newRoot] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldRoot = nodeHash(sibling, oldRoot);
      newRoot = nodeHash(sibling, newRoot);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      newRoot = nodeHash(newRoot, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(oldRoot, older.root) && equalBytes(newRoot, newer.root);
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0 && n <= LIMITS.logLeaves;
}

function areHashes(proof: readonly Uint8Array[]): boolean {
  return proof.length <= LIMITS.proofHashes && proof.every(({ length }) => length === HASH_BYTES);
}

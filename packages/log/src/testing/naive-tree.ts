import { createHash } from 'node:crypto';

/*
 * RFC 6962, section 2.1, as it is written there: recursive, over the leaves themselves, with nothing of the code that it is held against.
 */

/** MTH(D[n]). */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const [only] = leaves;
  if (only === undefined) return digest();
  if (leaves.length === 1) return digest(Uint8Array.of(0), only);
  const k = naiveSplit(leaves.length);
  return digest(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  if (leaves.length <= 1) return [];
  const k = naiveSplit(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k ? [...naivePath(m, left), naiveRoot(right)] : [...naivePath(m - k, right), naiveRoot(left)];
}

/** PROOF(m, D[n]), for 0 < m < n. */
export function naiveProof(m: number, leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  return subproof(m, leaves, true);
}

function subproof(m: number, leaves: readonly Uint8Array[], isOld: boolean): Uint8Array<ArrayBuffer>[] {
  if (m === leaves.length) return isOld ? [] : [naiveRoot(leaves)];
  const k = naiveSplit(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...subproof(m, left, isOld), naiveRoot(right)]
    : [...subproof(m - k, right, false), naiveRoot(left)];
}

/** The runs of leaves that the recursion above makes subtrees of, as [start, count]. */
export function naiveSubtrees(start: number, count: number): (readonly [start: number, count: number])[] {
  if (count < 2) return [[start, count]];
  const k = naiveSplit(count);
  return [[start, count], ...naiveSubtrees(start, k), ...naiveSubtrees(start + k, count - k)];
}

/** The largest power of two below n. */
function naiveSplit(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}

function digest(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

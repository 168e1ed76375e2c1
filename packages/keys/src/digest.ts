import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from '@symbolon/protocol/bytes';

/** SHA-256, at once: WebCrypto's digest is asynchronous and costs thirty times as much on a short text. */
export function sha256(data: Uint8Array): Bytes {
  return new Uint8Array(nobleSha256(data));
}

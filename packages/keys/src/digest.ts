import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';

/** SHA-256, at once: WebCrypto's digest is asynchronous and costs thirty times as much on a short text. */
export function sha256(data: Uint8Array): Bytes {
  return new Uint8Array(nobleSha256(data));
}

/** SHA-256 of bytes, or of a text in UTF-8, in lower-case hex. A lone surrogate in a text counts as U+FFFD. */
export function sha256Hex(data: Uint8Array | string): string {
  return toHex(sha256(typeof data === 'string' ? utf8(data) : data));
}

/** The same in base64url. */
export function sha256Base64url(data: Uint8Array | string): string {
  return encodeBase64url(sha256(typeof data === 'string' ? utf8(data) : data));
}

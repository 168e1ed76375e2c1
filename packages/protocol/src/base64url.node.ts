import { decodeBase64url as decodeShort } from './base64url.ts';
import type { Bytes } from './bytes.ts';
import { SymbolonError } from './errors.ts';

export { decodeBase64, encodeBase64 } from './base64url.ts';

/** Up to here two calls into Node take longer than a loop. */
const SHORT = 88;

/** The function of base64url.ts, in a fifth of the time on a long text. */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/**
 * The function of base64url.ts. Node reads over what is no digit, takes `+`, `/` and `=`, and drops unused bits: so the text is written again, and must be the one
 * that was read.
 *
 * @throws SymbolonError `base64url-malformed`
 */
export function decodeBase64url(text: string): Bytes {
  if (text.length <= SHORT) return decodeShort(text);
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new SymbolonError('base64url-malformed');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

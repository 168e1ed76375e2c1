import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** Base45 (RFC 9285): two bytes in three characters of the QR alphanumeric set, one left over in two. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const NO_DIGIT = 45;
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

export function encodeBase45(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    const word = pair ? (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0) : (bytes[i] ?? 0);
    out += ALPHABET.charAt(word % 45) + ALPHABET.charAt(Math.floor(word / 45) % 45);
    if (pair) out += ALPHABET.charAt(Math.floor(word / 2025));
  }
  return out;
}

/**
 * Reads exactly what `encodeBase45` writes: no other character, no group beyond its bytes, no single character left over.
 *
 * @throws SymbolonError `base45-malformed`
 */
export function decodeBase45(text: string): Bytes {
  const left = text.length % 3;
  if (left === 1) throw new SymbolonError('base45-malformed');
  const out = new Uint8Array(Math.floor(text.length / 3) * 2 + left / 2);
  let at = 0;
  for (let i = 0; i < text.length; i += 3) {
    const low = digit(text, i) + 45 * digit(text, i + 1);
    if (i + 2 < text.length) {
      const word = low + 2025 * digit(text, i + 2);
      if (word > 0xffff) throw new SymbolonError('base45-malformed');
      out[at++] = word >> 8;
      out[at++] = word & 0xff;
    } else {
      if (low > 0xff) throw new SymbolonError('base45-malformed');
      out[at++] = low;
    }
  }
  return out;
}

function digit(text: string, at: number): number {
  const value = VALUES[text.charCodeAt(at)] ?? NO_DIGIT;
  if (value === NO_DIGIT) throw new SymbolonError('base45-malformed');
  return value;
}

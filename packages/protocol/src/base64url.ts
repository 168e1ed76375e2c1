import { type Bytes, fromUtf8 } from './bytes.ts';
import { SymbolonError } from './errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_DIGIT = -1;
const URL_SAFE = valuesOf(ALPHABET);
const STANDARD = valuesOf(standard(ALPHABET));

const DIGITS = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));

/** For texts that fit in: a new array for each takes longer than all the rest. */
const SHORT = new Uint8Array(1024);

/** Unpadded base64url (RFC 7515, section 2). */
export function encodeBase64url(bytes: Uint8Array): string {
  const length = Math.ceil((4 * bytes.length) / 3);
  const digits = length > SHORT.length ? new Uint8Array(length) : SHORT;
  let at = 0;
  const digit = (value: number) => DIGITS[value & 63] ?? 0;
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    digits[at++] = digit(word >> 18);
    digits[at++] = digit(word >> 12);
    digits[at++] = digit(word >> 6);
    digits[at++] = digit(word);
  }
  const left = bytes.length - i;
  const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8);
  if (left > 0) digits[at++] = digit(word >> 18);
  if (left > 0) digits[at++] = digit(word >> 12);
  if (left > 1) digits[at++] = digit(word >> 6);
  return fromUtf8(digits.subarray(0, length));
}

/** Base64 with its padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const text = standard(encodeBase64url(bytes));
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/**
 * Reads canonical, unpadded base64url and nothing else: no white space, no `+`, `/` or `=`, and no text whose
 * unused last bits are set. So one byte string has one text, and a signature cannot be rewritten unseen.
 *
 * @throws SymbolonError `base64url-malformed`
 */
export function decodeBase64url(text: string): Bytes {
  return decode(text, URL_SAFE);
}

/** The same of base64 with its padding (RFC 4648, section 4). @throws SymbolonError `base64url-malformed` */
export function decodeBase64(text: string): Bytes {
  if (text.length % 4 !== 0) throw new SymbolonError('base64url-malformed');
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return decode(text.slice(0, text.length - padding), STANDARD);
}

function decode(text: string, values: Int8Array): Bytes {
  const left = text.length % 4;
  if (left === 1) throw new SymbolonError('base64url-malformed');
  const whole = text.length - left;
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  const valueAt = (i: number) => values[text.charCodeAt(i)] ?? NO_DIGIT;
  let at = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    const word = (valueAt(i) << 18) | (valueAt(i + 1) << 12) | (valueAt(i + 2) << 6) | valueAt(i + 3);
    // What is no digit makes all of it negative.
    if (word < 0) throw new SymbolonError('base64url-malformed');
    out[at++] = word >> 16;
    out[at++] = word >> 8;
    out[at++] = word;
  }
  if (left === 0) return out;
  const word = (valueAt(i) << 18) | (valueAt(i + 1) << 12) | (left === 3 ? valueAt(i + 2) << 6 : 0);
  const unused = left === 3 ? 0xff : 0xffff;
  if (word < 0 || (word & unused) !== 0) throw new SymbolonError('base64url-malformed');
  out[at++] = word >> 16;
  if (left === 3) out[at] = word >> 8;
  return out;
}

function standard(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(NO_DIGIT);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

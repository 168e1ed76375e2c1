import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * ECDSA signatures of P-256 between the raw form of JOSE (R || S, 64 bytes; RFC 7518, section 3.4) and DER
 * (SEQUENCE of two INTEGERs; RFC 3279, section 2.2.3), which KMS, TUF and OpenSSL use.
 */
export function derFromRaw(raw: Uint8Array): Bytes {
  const der = new Uint8Array(DER_BYTES);
  return der.slice(0, writeDer(raw, der));
}

/** The longest there is. */
export const DER_BYTES = 72;

/**
 * The same into an array that has room for `DER_BYTES`.
 *
 * @returns how many bytes were written
 * @throws SymbolonError `signature-invalid`
 */
export function writeDer(raw: Uint8Array, der: Uint8Array): number {
  if (raw.length !== 64) throw new SymbolonError('signature-invalid');
  const end = writeInteger(raw, 32, 64, der, writeInteger(raw, 0, 32, der, 2));
  der[0] = 0x30;
  der[1] = end - 2;
  return end;
}

/** Strict: minimal lengths, minimal positive integers, no trailing bytes. @throws SymbolonError `signature-invalid` */
export function rawFromDer(der: Uint8Array): Bytes {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > DER_BYTES)
    throw new SymbolonError('signature-invalid');
  const raw = new Uint8Array(64);
  const end = readInteger(der, readInteger(der, 2, raw, 32), raw, 64);
  if (end !== der.length) throw new SymbolonError('signature-invalid');
  return raw;
}

/** Answers where it ends. */
function writeInteger(raw: Uint8Array, from: number, to: number, der: Uint8Array, at: number): number {
  let start = from;
  while (start < to - 1 && raw[start] === 0) start++;
  const sign = (raw[start] ?? 0) >= 0x80 ? 1 : 0;
  const length = to - start + sign;
  der[at] = 0x02;
  der[at + 1] = length;
  if (sign === 1) der[at + 2] = 0;
  for (let i = start, into = at + 2 + sign; i < to; i++, into++) der[into] = raw[i] ?? 0;
  return at + 2 + length;
}

/** Reads the integer at `at` into the 32 bytes of `raw` before `to`. Answers where it ends. */
function readInteger(der: Uint8Array, at: number, raw: Uint8Array, to: number): number {
  const length = der[at + 1] ?? 0;
  const start = at + 2;
  const end = start + length;
  if (der[at] !== 0x02 || length === 0 || end > der.length) throw new SymbolonError('signature-invalid');
  const [first = 0, second = 0] = der.subarray(start, end);
  const negative = first >= 0x80;
  const padded = length > 1 && first === 0 && second < 0x80;
  const digits = first === 0 ? start + 1 : start;
  if (negative || padded || end - digits > 32) throw new SymbolonError('signature-invalid');
  raw.set(der.subarray(digits, end), to - (end - digits));
  return end;
}

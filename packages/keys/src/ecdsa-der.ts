import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * ECDSA signatures of P-256 between the raw form of JOSE (R || S, 64 bytes; RFC 7518, section 3.4) and DER
 * (SEQUENCE of two INTEGERs; RFC 3279, section 2.2.3), which KMS, TUF and OpenSSL use.
 */
export function derFromRaw(raw: Uint8Array): Bytes {
  if (raw.length !== 64) throw new SymbolonError('signature-invalid');
  const r = derInteger(raw.subarray(0, 32));
  const s = derInteger(raw.subarray(32));
  return concatBytes(Uint8Array.of(0x30, r.length + s.length), r, s);
}

/** Strict: minimal lengths, minimal positive integers, no trailing bytes. @throws SymbolonError `signature-invalid` */
export function rawFromDer(der: Uint8Array): Bytes {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72)
    throw new SymbolonError('signature-invalid');
  const r = readInteger(der, 2);
  const s = readInteger(der, r.end);
  if (s.end !== der.length) throw new SymbolonError('signature-invalid');
  const raw = new Uint8Array(64);
  raw.set(r.value, 32 - r.value.length);
  raw.set(s.value, 64 - s.value.length);
  return raw;
}

function derInteger(value: Uint8Array): Bytes {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start++;
  const digits = value.subarray(start);
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return concatBytes(Uint8Array.of(0x02, digits.length + sign.length, ...sign), digits);
}

function readInteger(der: Uint8Array, at: number): { value: Uint8Array; end: number } {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || end > der.length) throw new SymbolonError('signature-invalid');
  const digits = der.subarray(at + 2, end);
  const [first = 0, second = 0] = digits;
  const negative = first >= 0x80;
  const padded = length > 1 && first === 0 && second < 0x80;
  const value = first === 0 ? digits.subarray(1) : digits;
  if (negative || padded || value.length > 32) throw new SymbolonError('signature-invalid');
  return { value, end };
}

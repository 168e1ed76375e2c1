import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import { decodeBase45, encodeBase45 } from '../qr-text/base45.ts';
import { decodeCbor, encodeCbor } from '../qr-text/cbor.ts';

/** The packing version is part of the prefix, as it is of a presentation's `SYM1:`. */
const PREFIX = 'SYMV1:';

const anyBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
/** Header, payload and signature of the JWS, decoded. */
const Packed = z.tuple([anyBytes, anyBytes, anyBytes]);

/**
 * Packs the compact JWS of a venue code for a QR code in alphanumeric mode. Nothing is verified.
 *
 * @returns `SYMV1:` and base45 of a CBOR array
 * @throws SymbolonError `venue-code-malformed` unless it has three parts in canonical base64url; with the bound, when its text is longer
 */
export function packVenueCode(token: string): string {
  const parts = token.split('.');
  if (parts.length !== 3) throw new SymbolonError(MALFORMED);
  const bytes = orMalformed(() => parts.map((part) => decodeBase64url(part)));
  return bounded(PREFIX + encodeBase45(encodeCbor(bytes)));
}

/**
 * Unpacks a QR text to the very JWS that was packed. Nothing in it is verified; but of one code only one text is read.
 *
 * @throws SymbolonError `venue-code-malformed`; `packing-version-unknown` for a later packing
 */
export function unpackVenueCode(text: string): string {
  bounded(text);
  if (!text.startsWith(PREFIX))
    throw new SymbolonError(/^SYMV[0-9]/.test(text) ? 'packing-version-unknown' : MALFORMED);
  const parts = orMalformed(() =>
    check(Packed, decodeCbor(decodeBase45(text.slice(PREFIX.length))), MALFORMED),
  );
  const token = parts.map(encodeBase64url).join('.');
  // REQ-VEN-001: packed again it is what was read.
  if (packVenueCode(token) !== text) throw new SymbolonError(MALFORMED);
  return token;
}

const MALFORMED = 'venue-code-malformed';

function bounded(text: string): string {
  if (text.length <= LIMITS.qrTextBytes) return text;
  throw new SymbolonError(MALFORMED, { bound: LIMITS.qrTextBytes });
}

/** Whatever is wrong inside is told as a fault of the code, so that nobody takes it for one of a presentation. */
function orMalformed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isSymbolonError(error)) throw new SymbolonError(MALFORMED);
    throw error;
  }
}

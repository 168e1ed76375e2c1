import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { type CompactJws, parseCompactJws } from '../compact-jws.ts';
import { VENUE_TYPE, VenueClaims, VenueHeader } from './claims.ts';
import { packVenueCode, unpackVenueCode } from './pack.ts';

/** A venue code of the right form. **Nothing is verified**: not who signed it, nor whether it is valid now. */
export interface ParsedVenueCode {
  readonly kid: string;
  /** As the message says. Compare it with the registered key's: the key decides (`algorithm-mismatch`). */
  readonly alg: Algorithm;
  /** The bytes that `signature` is over. */
  readonly signingInput: Bytes;
  readonly signature: Bytes;
  readonly claims: VenueClaims;
}

/**
 * Reads a venue code, as a `SYMV1:` text or as a compact JWS: strict base64url, strict JSON, exactly the header `alg`, `typ`, `kid` and the
 * claims of the protocol. A JWS that would not fit into a QR text is no venue code.
 *
 * Then: the key by (region of `iss`, `kid`, use `venue`), its algorithm, the signature, and only then the times.
 *
 * @throws SymbolonError `venue-code-malformed`, `packing-version-unknown`, `algorithm-none`, `type-unexpected`, `algorithm-mismatch` (an
 *   algorithm that no key can have)
 */
export function readVenueCode(text: string): ParsedVenueCode {
  if (text.length > LIMITS.qrTextBytes)
    throw new SymbolonError('venue-code-malformed', { bound: LIMITS.qrTextBytes });
  const { header, payload, signingInput, signature } = parse(tokenOf(text));
  const { alg, kid } = readHeader(header);
  // REQ-VEN-001: exactly these claims.
  return { kid, alg, signingInput, signature, claims: check(VenueClaims, payload, 'venue-code-malformed') };
}

function tokenOf(text: string): string {
  if (text.startsWith('SYM')) return unpackVenueCode(text);
  packVenueCode(text);
  return text;
}

function parse(token: string): CompactJws {
  try {
    return parseCompactJws(token);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw error.code === 'algorithm-none' ? error : new SymbolonError('venue-code-malformed');
  }
}

function readHeader(header: JsonObject): VenueHeader {
  // REQ-DEC-020: a token of another kind is told apart by its exact type, before anything else in it counts.
  if (header['typ'] !== VENUE_TYPE) throw new SymbolonError('type-unexpected');
  // REQ-KEY-008: no registered key is for any other algorithm.
  if (!Algorithm.safeParse(header['alg']).success) throw new SymbolonError('algorithm-mismatch');
  return check(VenueHeader, header, 'venue-code-malformed');
}

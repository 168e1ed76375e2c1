import { p256 } from '@noble/curves/nist.js';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { P256Jwk } from '@symbolon/protocol/schemas/jwk';

/** 33 bytes: SEC 1, section 2.3.3. The parity of y leads; whether the point lies on the curve is not checked here. */
export function compressPoint(jwk: P256Jwk): Bytes {
  const y = decodeBase64url(jwk.y);
  return concatBytes(Uint8Array.of(0x02 | ((y[31] ?? 0) & 1)), decodeBase64url(jwk.x));
}

/** SEC 1, section 2.3.4. @throws SymbolonError `key-malformed` when no point of the curve has this x. */
export function expandPoint(compressed: Uint8Array): P256Jwk {
  let point: Uint8Array;
  try {
    if (compressed.length !== 33) throw new SymbolonError('key-malformed');
    point = p256.Point.fromBytes(compressed).toBytes(false);
  } catch {
    throw new SymbolonError('key-malformed');
  }
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33)),
  };
}

import { ECDH } from 'node:crypto';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { P256Jwk } from '@symbolon/protocol/schemas/jwk';

export { compressPoint } from './point.ts';

/** The function of point.ts on Node's own crypto, in a third of the time. */
export function expandPoint(compressed: Uint8Array): P256Jwk {
  if (compressed.length !== 33) throw new SymbolonError('key-malformed');
  const point = convert(compressed);
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33)),
  };
}

function convert(compressed: Uint8Array): Uint8Array {
  try {
    const point = ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed');
    if (typeof point !== 'string') return point;
  } catch {
    // Told below.
  }
  throw new SymbolonError('key-malformed');
}

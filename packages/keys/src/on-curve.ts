import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { concatBytes } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';

/**
 * Whether a public key is a point of its curve, and not one of the few of Ed25519 that have no secret (RFC 8032, section 5.1.3; small order). The
 * form of the JWK alone does not tell. For whoever is about to rely on a new key; a signature check finds it out by itself.
 */
export function isOnCurve(jwk: PublicJwk): boolean {
  try {
    if (jwk.kty === 'OKP') return !ed25519.Point.fromBytes(decodeBase64url(jwk.x)).isSmallOrder();
    const bytes = concatBytes(Uint8Array.of(0x04), decodeBase64url(jwk.x), decodeBase64url(jwk.y));
    p256.Point.fromBytes(bytes).assertValidity();
    return true;
  } catch {
    return false;
  }
}

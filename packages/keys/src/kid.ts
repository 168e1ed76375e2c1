import { sha256 } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';

/** RFC 7638 thumbprint: SHA-256 over the required members, in lexicographic order, without white space. */
export function thumbprint(jwk: PublicJwk): Bytes {
  const members =
    jwk.kty === 'EC'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x };
  return sha256(utf8(JSON.stringify(members)));
}

/** `kid`: the first 8 bytes of the thumbprint, base64url (protocol, section 3). */
export function kidOf(jwk: PublicJwk): string {
  return encodeBase64url(thumbprint(jwk).subarray(0, 8));
}

import { sha256, sha256Hex } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromHex, utf8 } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';

/** RFC 7638 thumbprint: SHA-256 over the required members, in lexicographic order, without white space. */
export function thumbprint(jwk: PublicJwk): Bytes {
  return sha256(utf8(requiredMembers(jwk)));
}

/** `kid`: the first 8 bytes of the thumbprint, base64url (protocol, section 3). */
export function kidOf(jwk: PublicJwk): string {
  return encodeBase64url(fromHex(sha256Hex(requiredMembers(jwk)).slice(0, 16)));
}

function requiredMembers(jwk: PublicJwk): string {
  return JSON.stringify(
    jwk.kty === 'EC'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x },
  );
}

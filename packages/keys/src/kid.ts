import { sha256, sha256Base64url } from '@symbolon/keys/digest';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';

/** RFC 7638 thumbprint: SHA-256 over the required members, in lexicographic order, without white space. */
export function thumbprint(jwk: PublicJwk): Bytes {
  return sha256(utf8(requiredMembers(jwk)));
}

/** `kid`: the first 8 bytes of the thumbprint, base64url (protocol, section 3). */
export function kidOf(jwk: PublicJwk): string {
  const text = sha256Base64url(requiredMembers(jwk));
  return text.slice(0, WHOLE_DIGITS) + (LAST_DIGIT.get(text.charAt(WHOLE_DIGITS)) ?? '');
}

/** Of 8 bytes: ten digits of six bits, and one of the last four bits and two that are zero. */
const WHOLE_DIGITS = 10;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LAST_DIGIT = new Map(Array.from(DIGITS, (digit, i) => [digit, DIGITS.charAt(i & 0b111100)]));

function requiredMembers(jwk: PublicJwk): string {
  return JSON.stringify(
    jwk.kty === 'EC'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x },
  );
}

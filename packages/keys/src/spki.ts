import { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes, equalBytes, fromHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { P256Jwk, PublicJwk } from '@symbolon/protocol/schemas/jwk';

/** SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480, section 2) has this one prefix. */
const PREFIX = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200' + '04');
/** And that of an Ed25519 key (RFC 8410, section 4) this one. */
const ED25519_PREFIX = fromHex('302a300506032b6570032100');
const HEAD = '-----BEGIN PUBLIC KEY-----';
const FOOT = '-----END PUBLIC KEY-----';

export function spkiFromJwk(jwk: P256Jwk): Bytes {
  return concatBytes(PREFIX, pointOf(jwk));
}

/** x and y, 64 bytes. */
export function pointOf(jwk: P256Jwk): Bytes {
  return concatBytes(decodeBase64url(jwk.x), decodeBase64url(jwk.y));
}

/** @throws SymbolonError `key-malformed`; whether the point lies on the curve shows when the key is imported. */
export function jwkFromSpki(spki: Uint8Array): P256Jwk {
  if (spki.length !== PREFIX.length + 64 || !equalBytes(spki.subarray(0, PREFIX.length), PREFIX)) {
    throw new SymbolonError('key-malformed');
  }
  return jwkFromPoint(spki.subarray(PREFIX.length));
}

/** A key of either kind. @throws SymbolonError `key-malformed`, as `jwkFromSpki` */
export function anyJwkFromSpki(spki: Uint8Array): PublicJwk {
  const { length } = ED25519_PREFIX;
  return spki.length === length + 32 && equalBytes(spki.subarray(0, length), ED25519_PREFIX)
    ? { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(spki.subarray(length)) }
    : jwkFromSpki(spki);
}

/** 64 bytes: x and y. */
function jwkFromPoint(point: Uint8Array): P256Jwk {
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(0, 32)),
    y: encodeBase64url(point.subarray(32)),
  };
}

/** PEM (RFC 7468) as TUF's `ecdsa` key type holds it. */
export function pemFromJwk(jwk: P256Jwk): string {
  const text = encodeBase64(spkiFromJwk(jwk));
  // Lines of 64 characters: it is always as long.
  return [HEAD, text.slice(0, 64), text.slice(64), FOOT, ''].join('\n');
}

/** Base64 of what stands before every point: a whole number of groups, so the text of each key begins with it. */
export const PREFIX_TEXT = encodeBase64(PREFIX);

/** @throws SymbolonError `key-malformed` */
export function jwkFromPem(pem: string): P256Jwk {
  const text = pem.trim();
  if (text.length > 512 || !text.startsWith(HEAD) || !text.endsWith(FOOT))
    throw new SymbolonError('key-malformed');
  const body = text.slice(HEAD.length, -FOOT.length).replaceAll('\r', '').replaceAll('\n', '');
  const point = body.startsWith(PREFIX_TEXT) ? decoded(body.slice(PREFIX_TEXT.length)) : undefined;
  if (point?.length !== 64) throw new SymbolonError('key-malformed');
  return jwkFromPoint(point);
}

function decoded(text: string): Bytes | undefined {
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}

import { base58 } from '@scure/base';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { concatBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { ALGORITHMS, algorithmOf } from './algorithms.ts';
import { compressPoint, expandPoint } from './point.ts';

/** `publicKeyMultibase` of a Multikey: `z` + base58btc(multicodec + key) (Controlled Identifiers 1.0, section 2.2.2). */
export function multikeyOf(jwk: PublicJwk): string {
  const key = jwk.kty === 'EC' ? compressPoint(jwk) : decodeBase64url(jwk.x);
  return `z${base58.encode(concatBytes(Uint8Array.from(algorithmOf(jwk).multicodec), key))}`;
}

/** @throws SymbolonError `key-malformed` */
export function publicKeyFromMultikey(text: string): PublicJwk {
  if (!/^z[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(text)) throw new SymbolonError('key-malformed');
  const bytes = base58.decode(text.slice(1));
  const entry = Object.values(ALGORITHMS).find(({ multicodec }) =>
    multicodec.every((byte, i) => bytes[i] === byte),
  );
  const key = bytes.subarray(2);
  if (entry?.alg === 'ES256') return expandPoint(key);
  if (entry?.alg === 'EdDSA' && key.length === 32)
    return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key) };
  throw new SymbolonError('key-malformed');
}

/** `did:key` of a key: the holder's id in a JSON-LD credential. */
export function didKeyOf(jwk: PublicJwk): string {
  return `did:key:${multikeyOf(jwk)}`;
}

/** @throws SymbolonError `key-malformed` */
export function publicKeyFromDidKey(did: string): PublicJwk {
  if (!did.startsWith('did:key:')) throw new SymbolonError('key-malformed');
  return publicKeyFromMultikey(did.slice('did:key:'.length));
}

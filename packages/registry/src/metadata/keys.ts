import { sha256 } from '@symbolon/keys/digest';
import { rawFromDer } from '@symbolon/keys/ecdsa-der';
import { jwkFromPem, pemFromJwk } from '@symbolon/keys/spki';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, fromHex, toHex, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { TufKey } from './profile.ts';

/** The key objects of TUF 1.0 (section 4.2.2) that this registry knows: P-256 as PEM, Ed25519 as hex. Nothing else. */
const KeyObject = z.union([
  z.object({
    keytype: z.literal('ecdsa'),
    scheme: z.literal('ecdsa-sha2-nistp256'),
    keyval: z.object({ public: z.string().check(z.maxLength(512)) }),
  }),
  z.object({
    keytype: z.literal('ed25519'),
    scheme: z.literal('ed25519'),
    keyval: z.object({ public: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  }),
]);

/** Key ids to keys. */
export type KeyRing<K = PublicJwk> = ReadonlyMap<string, K>;

/** SHA-256 over the canonical form of the key object as it stands, unknown fields included. */
export function keyIdOf(key: Json): string {
  return toHex(sha256(utf8(canonicalJson(key))));
}

export function tufKeyOf(jwk: PublicJwk): JsonObject {
  return jwk.kty === 'EC'
    ? { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: pemFromJwk(jwk) } }
    : { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: toHex(decodeBase64url(jwk.x)) } };
}

/**
 * Reads the `keys` object of root or of delegations. Every key id is recomputed (TUF 1.0, section 4.3).
 *
 * @throws SymbolonError `metadata-malformed`
 */
export function readKeys<K>(keys: Json | undefined, read: (key: JsonObject) => K): KeyRing<K> {
  if (!isJsonObject(keys)) throw new SymbolonError('metadata-malformed', { path: 'keys' });
  const ring = new Map<string, K>();
  for (const [keyId, key] of Object.entries(keys)) {
    if (!isJsonObject(key) || keyIdOf(key) !== keyId) {
      throw new SymbolonError('metadata-malformed', { path: 'keys' });
    }
    ring.set(keyId, read(key));
  }
  return ring;
}

/** A key of this registry. @throws SymbolonError `metadata-malformed` */
export function readKey(json: JsonObject): PublicJwk {
  const key = check(KeyObject, json, 'metadata-malformed');
  if (key.keytype === 'ed25519') {
    return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(fromHex(key.keyval.public)) };
  }
  try {
    return jwkFromPem(key.keyval.public);
  } catch (cause) {
    throw new SymbolonError('metadata-malformed', { path: 'keys', cause });
  }
}

/** What makes a key that key, whatever key ids it goes by: what its RFC 7638 thumbprint is made of. */
export function identityOf(key: TufKey): string {
  if ('identity' in key) return key.identity;
  return key.kty === 'EC' ? `${key.crv}.${key.x}.${key.y}` : `${key.crv}.${key.x}`;
}

/** The raw signature in `sig`: DER for P-256, 64 bytes for Ed25519, in hex. Nothing when it is neither. */
export function readSignature(jwk: PublicJwk, sig: string): Bytes | undefined {
  try {
    const bytes = fromHex(sig);
    return jwk.kty === 'EC' ? rawFromDer(bytes) : bytes;
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

import { decodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { algorithmOf } from './algorithms.ts';

const imported = new WeakMap<PublicJwk, Promise<CryptoKey>>();

/**
 * Checks a raw signature (64 bytes, for ES256 R || S) by a public key. The algorithm follows from the key.
 * Imported keys are remembered for as long as the JWK object lives, so keep registry keys and pass the same object.
 *
 * @returns whether the signature is by that key over exactly `data`; says nothing of who owns the key
 * @throws SymbolonError `key-malformed` when the key is not a point of its curve
 */
export async function verifySignature(
  jwk: PublicJwk,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const entry = algorithmOf(jwk);
  if (signature.length !== entry.signatureBytes) return false;
  const key = await importKey(jwk);
  if (key === undefined) return verifyEd25519(decodeBase64url(jwk.x), data, signature);
  return crypto.subtle.verify(entry.signParameters, key, new Uint8Array(signature), new Uint8Array(data));
}

/** For browsers that do not have Ed25519 in WebCrypto yet. The others never load the code for it. */
async function verifyEd25519(key: Uint8Array, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  return ed25519.verify(signature, data, key, { zip215: false });
}

async function importKey(jwk: PublicJwk): Promise<CryptoKey | undefined> {
  const entry = algorithmOf(jwk);
  let pending = imported.get(jwk);
  if (pending === undefined) {
    pending = crypto.subtle.importKey('jwk', { ...jwk }, entry.importParameters, false, ['verify']);
    imported.set(jwk, pending);
  }
  try {
    return await pending;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotSupportedError') return undefined;
    throw new SymbolonError('key-malformed');
  }
}

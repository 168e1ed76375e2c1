import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { P256Jwk, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { algorithmOf } from './algorithms.ts';
import { DER_BYTES, writeDer } from './ecdsa-der.ts';
import { PREFIX_TEXT, pointOf } from './spki.ts';

const imported = new WeakMap<PublicJwk, KeyObject>();
/** For one check after another: a new array for each costs more than the conversion. */
const der = new Uint8Array(DER_BYTES);

/** The function of signature.ts on Node's own crypto: a bare key object and DER take 0.6 of the time of the other calls. */
export async function verifySignature(
  jwk: PublicJwk,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const entry = algorithmOf(jwk);
  if (signature.length !== entry.signatureBytes) return false;
  const key = importKey(jwk);
  return entry.alg === 'ES256'
    ? verify('sha256', data, key, der.subarray(0, writeDer(signature, der)))
    : verify(null, data, key, signature);
}

function importKey(jwk: PublicJwk): KeyObject {
  let key = imported.get(jwk);
  if (key === undefined) {
    try {
      key =
        jwk.kty === 'EC' ? createPublicKey(pemOf(jwk)) : createPublicKey({ key: { ...jwk }, format: 'jwk' });
    } catch {
      throw new SymbolonError('key-malformed');
    }
    imported.set(jwk, key);
  }
  return key;
}

/** A PEM text is imported in a third of the time of a JWK: Node throws and catches four exceptions before it takes the latter. */
function pemOf(jwk: P256Jwk): string {
  const text = PREFIX_TEXT + Buffer.from(pointOf(jwk)).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${text.slice(0, 64)}\n${text.slice(64)}\n-----END PUBLIC KEY-----\n`;
}

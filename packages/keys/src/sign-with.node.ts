import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { AlgorithmEntry } from './algorithms.ts';
import { rawFromDer } from './ecdsa-der.ts';
import type { PrivateJwk } from './private-key.ts';
import type { SignBytes } from './sign-with.ts';

/** The functions of sign-with.ts on Node's own crypto: at once, and with a bare key object and DER, in half of the time of the other calls. */
export async function signWithJwk(privateJwk: PrivateJwk, entry: AlgorithmEntry): Promise<SignBytes> {
  return signWith(createPrivateKey({ key: { ...privateJwk }, format: 'jwk' }), entry);
}

export async function signWithPkcs8(der: Bytes, entry: AlgorithmEntry): Promise<SignBytes> {
  return signWith(createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }), entry);
}

function signWith(key: KeyObject, { alg }: AlgorithmEntry): SignBytes {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const isP256 = asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (alg === 'ES256' ? !isP256 : asymmetricKeyType !== 'ed25519') throw new SymbolonError('key-malformed');
  return alg === 'ES256'
    ? async (data) => rawFromDer(sign('sha256', data, key))
    : async (data) => new Uint8Array(sign(null, data, key));
}

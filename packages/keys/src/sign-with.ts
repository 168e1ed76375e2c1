import type { Bytes } from '@symbolon/protocol/bytes';
import type { AlgorithmEntry } from './algorithms.ts';
import type { PrivateJwk } from './private-key.ts';

/** Signs with one private key: raw signatures of 64 bytes. The key stays in the closure and cannot be got out of it. */
export type SignBytes = (data: Uint8Array) => Promise<Bytes>;

/** @throws when it is no key of this algorithm */
export async function signWithJwk(privateJwk: PrivateJwk, entry: AlgorithmEntry): Promise<SignBytes> {
  const key = { ...privateJwk };
  return signWith(await crypto.subtle.importKey('jwk', key, entry.importParameters, false, ['sign']), entry);
}

/** @param der PKCS#8 (RFC 5208) @throws when it is no key of this algorithm */
export async function signWithPkcs8(der: Bytes, entry: AlgorithmEntry): Promise<SignBytes> {
  return signWith(
    await crypto.subtle.importKey('pkcs8', der, entry.importParameters, false, ['sign']),
    entry,
  );
}

function signWith(key: CryptoKey, { signParameters }: AlgorithmEntry): SignBytes {
  return async (data) => new Uint8Array(await crypto.subtle.sign(signParameters, key, new Uint8Array(data)));
}

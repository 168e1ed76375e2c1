import type { Bytes } from '@symbolon/protocol/bytes';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { ALGORITHMS, algorithmOf } from './algorithms.ts';
import { kidOf } from './kid.ts';
import { type PrivateJwk, publicPart } from './private-key.ts';

/**
 * Port: something that holds one private key and signs with it (a key file, KMS, a security module).
 *
 * Contract: `sign` signs exactly `data` (for ES256 it hashes it with SHA-256 first) and answers 64 raw bytes. `alg`, `kid`
 * and `publicJwk` never change. Two calls may run at once.
 */
export interface Signer {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  sign(data: Uint8Array): Promise<Bytes>;
}

/** A signer on a private key in memory. The key is imported as not extractable, and the JWK is not kept. */
export async function createLocalSigner(privateJwk: PrivateJwk): Promise<Signer> {
  const publicJwk = publicPart(privateJwk);
  const { alg } = algorithmOf(publicJwk);
  const { importParameters, signParameters } = ALGORITHMS[alg];
  const key = await crypto.subtle.importKey('jwk', { ...privateJwk }, importParameters, false, ['sign']);
  return {
    alg,
    kid: kidOf(publicJwk),
    publicJwk,
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(signParameters, key, new Uint8Array(data))),
  };
}

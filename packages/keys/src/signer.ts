import { verifySignature } from '@symbolon/keys/signature';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { algorithmOf } from './algorithms.ts';
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
  const { importParameters } = algorithmOf(publicJwk);
  return signerOn(
    await crypto.subtle.importKey('jwk', { ...privateJwk }, importParameters, false, ['sign']),
    publicJwk,
  );
}

/** Signed to find out which key it is. Neither a JWT nor a TUF file begins like this. */
const CHALLENGE = utf8('Symbolon: which key is this?');

/**
 * A signer on a PKCS#8 key (RFC 5208), which a key service has unwrapped. It is imported as not extractable; wipe `der` afterwards.
 *
 * @throws SymbolonError `key-malformed` when it is no key of this algorithm, or not the private half of `publicJwk`
 */
export async function createPkcs8Signer(der: Bytes, publicJwk: PublicJwk): Promise<Signer> {
  const { importParameters } = algorithmOf(publicJwk);
  let signer: Signer;
  try {
    signer = signerOn(
      await crypto.subtle.importKey('pkcs8', der, importParameters, false, ['sign']),
      publicJwk,
    );
  } catch {
    throw new SymbolonError('key-malformed');
  }
  // PKCS#8 need not hold the public half, so a signature tells whether the two belong together.
  if (!(await verifySignature(publicJwk, CHALLENGE, await signer.sign(CHALLENGE))))
    throw new SymbolonError('key-malformed');
  return signer;
}

function signerOn(key: CryptoKey, publicJwk: PublicJwk): Signer {
  const { alg, signParameters } = algorithmOf(publicJwk);
  return {
    alg,
    kid: kidOf(publicJwk),
    publicJwk,
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(signParameters, key, new Uint8Array(data))),
  };
}

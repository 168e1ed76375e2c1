import { signWithJwk, signWithPkcs8 } from '@symbolon/keys/sign-with';
import { verifySignature } from '@symbolon/keys/signature';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { algorithmOf } from './algorithms.ts';
import { kidOf } from './kid.ts';
import { type PrivateJwk, publicPart } from './private-key.ts';
import type { SignBytes } from './sign-with.ts';

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
  /** Another machine signs: what it answers has come over a network, and may be another key's. */
  readonly remote?: true;
  sign(data: Uint8Array): Promise<Bytes>;
}

/** A signer on a private key in memory, which it does not give away. The JWK is not kept. */
export async function createLocalSigner(privateJwk: PrivateJwk): Promise<Signer> {
  const publicJwk = publicPart(privateJwk);
  return signerOn(await signWithJwk(privateJwk, algorithmOf(publicJwk)), publicJwk);
}

/** Signed to find out which key it is. Neither a JWT nor a TUF file begins like this. */
const CHALLENGE = utf8('Symbolon: which key is this?');

/**
 * A signer on a PKCS#8 key (RFC 5208), which a key service has unwrapped, and which it does not give away. Wipe `der` afterwards.
 *
 * @throws SymbolonError `key-malformed` when it is no key of this algorithm, or not the private half of `publicJwk`
 */
export async function createPkcs8Signer(der: Bytes, publicJwk: PublicJwk): Promise<Signer> {
  let signer: Signer;
  try {
    signer = signerOn(await signWithPkcs8(der, algorithmOf(publicJwk)), publicJwk);
  } catch {
    throw new SymbolonError('key-malformed');
  }
  // PKCS#8 need not hold the public half, so a signature tells whether the two belong together.
  if (!(await verifySignature(publicJwk, CHALLENGE, await signer.sign(CHALLENGE))))
    throw new SymbolonError('key-malformed');
  return signer;
}

function signerOn(sign: SignBytes, publicJwk: PublicJwk): Signer {
  return { alg: algorithmOf(publicJwk).alg, kid: kidOf(publicJwk), publicJwk, sign };
}

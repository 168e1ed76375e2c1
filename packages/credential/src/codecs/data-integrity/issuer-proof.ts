import { CredentialIssuancePurpose, issue, verifyCredential } from '@digitalbazaar/vc';
import { ALGORITHMS, type AlgorithmEntry, algorithmOf } from '@symbolon/keys/algorithms';
import type { Signer } from '@symbolon/keys/signer';
import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isKid } from '@symbolon/protocol/ids';
import type { Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { loaderFor } from './contexts.ts';
import { CredentialProof } from './documents.ts';
import { isVerified } from './is-verified.ts';
import { multikeyDocument, signingSuite, verifyingSuite } from './suites.ts';

/** How a credential says that it is secured. Nothing is verified. */
export interface IssuerProof {
  readonly kid: string;
  readonly cryptosuite: AlgorithmEntry['cryptosuite'];
  /** The algorithm that goes with the cryptosuite. */
  readonly alg: Algorithm;
}

/**
 * Reads the one proof of a credential (VC Data Integrity 1.0, section 2.1).
 *
 * @throws SymbolonError `code`
 */
export function readIssuerProof(
  proof: unknown,
  { issuer, validFrom }: { readonly issuer: string; readonly validFrom: Instant },
  code: Code,
): IssuerProof {
  const { verificationMethod, cryptosuite, created } = check(CredentialProof, proof, code);
  const kid = verificationMethod.slice(issuer.length + 1);
  // REQ-SIG-002: the key is one of this issuer, whatever else has it; and the proof tells no time of its own.
  if (verificationMethod !== `${issuer}#${kid}` || !isKid(kid) || created !== validFrom) {
    throw new SymbolonError(code);
  }
  return { kid, cryptosuite, alg: cryptosuite === ALGORITHMS.ES256.cryptosuite ? 'ES256' : 'EdDSA' };
}

export interface SignCredential {
  readonly credential: object;
  /** The region's did:web, exactly as the registry has it. */
  readonly did: string;
  /** Of the registered key; the verification method is `did#kid`. */
  readonly kid: string;
  readonly signer: Signer;
  /** `validFrom` of the credential, and so `created` of the proof. */
  readonly issuedAt: Instant;
}

/** @returns JSON text */
export async function signCredential(options: SignCredential): Promise<string> {
  const { credential, did, kid, signer, issuedAt } = options;
  const suite = signingSuite(signer, `${did}#${kid}`, issuedAt);
  return JSON.stringify(await issue({ credential, suite, documentLoader: loaderFor({}) }));
}

export interface SignedCredential extends Pick<IssuerProof, 'kid' | 'cryptosuite'> {
  readonly issuer: string;
  /** With its proof, as it was read. */
  readonly credential: object;
  /** The first second of its validity. */
  readonly issuedAt: Instant;
}

/**
 * Checks the issuer's proof (VC Data Integrity 1.0, section 4.3). Neither the time nor the status is checked, and whether the key is the issuer's is for
 * the caller to know.
 */
export async function verifyIssuerProof(
  { issuer, kid, cryptosuite, credential, issuedAt }: SignedCredential,
  publicJwk: PublicJwk,
): Promise<boolean> {
  // REQ-KEY-008: the suite is that of the registered key.
  if (algorithmOf(publicJwk).cryptosuite !== cryptosuite) return false;
  const method = `${issuer}#${kid}`;
  return isVerified(() =>
    verifyCredential({
      credential,
      suite: verifyingSuite(publicJwk),
      purpose: new CredentialIssuancePurpose({ controller: { id: issuer, assertionMethod: [method] } }),
      documentLoader: loaderFor({ [method]: multikeyDocument(method, issuer, publicJwk) }),
      // The library holds the validity to a clock, and asks for the status: both are other steps'.
      now: new Date(issuedAt * 1000),
      checkStatus: async () => ({ verified: true }),
    }),
  );
}

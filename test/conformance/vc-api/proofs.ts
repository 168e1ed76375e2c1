import { isVerified } from '@symbolon/credential/data-integrity/is-verified';
import { multikeyDocument, verifyingSuite } from '@symbolon/credential/data-integrity/suites';
import { algorithmOf } from '@symbolon/keys/algorithms';
import { didKeyOf, multikeyOf, publicKeyFromDidKey } from '@symbolon/keys/multikey';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { testLoader } from './contexts.ts';
import { Refusal } from './refusal.ts';
import { DateTime, listOf, objectOf, oneOrMore, read, Url } from './values.ts';

export type Purpose = 'assertionMethod' | 'authentication';

/**
 * VC Data Integrity 1.0, section 2.1, of the two suites and base58btc. Closed: under another name, its full IRI say, an end would be signed as ever, and nobody
 * would look there.
 */
const Proof = z.strictObject({
  id: z.optional(Url),
  type: z.literal('DataIntegrityProof'),
  cryptosuite: z.enum(['ecdsa-rdfc-2019', 'eddsa-rdfc-2022']),
  verificationMethod: z.string(),
  proofPurpose: z.enum(['assertionMethod', 'authentication']),
  proofValue: z.string().check(z.regex(/^z[1-9A-HJ-NP-Za-km-z]{64,88}$/)),
  created: z.optional(DateTime),
  expires: z.optional(DateTime),
  domain: z.optional(oneOrMore(z.string())),
  challenge: z.optional(z.string()),
  previousProof: z.optional(oneOrMore(Url)),
});

/** A proof by a did:key, which is its own controller. Nothing is verified. */
export interface ReadProof {
  readonly did: string;
  readonly method: string;
  readonly publicJwk: PublicJwk;
  readonly id: string | undefined;
  readonly previous: readonly string[];
  /** In milliseconds since 1970. */
  readonly expires: number | undefined;
  readonly domains: readonly string[];
  readonly challenge: string | undefined;
  readonly document: JsonObject;
}

/**
 * All proofs of a document: each of the given purpose, by the suite that goes with its key, and no previous one missing.
 *
 * @throws Refusal
 */
export function readProofs(value: Json | undefined, purpose: Purpose): readonly ReadProof[] {
  const proofs = listOf(value).map((each) => readProof(objectOf(each, 'The proof'), purpose));
  if (proofs.length === 0) throw new Refusal('PROOF_VERIFICATION_ERROR', 'There is no proof');
  const ids = proofs.flatMap(({ id }) => id ?? []);
  if (new Set(ids).size !== ids.length) {
    throw new Refusal('PROOF_VERIFICATION_ERROR', 'Two proofs have one id');
  }
  for (const { id, previous } of proofs) {
    if (!previous.every((each) => each !== id && ids.includes(each))) {
      throw new Refusal('PROOF_VERIFICATION_ERROR', 'A previous proof is missing');
    }
  }
  return proofs;
}

function readProof(document: JsonObject, purpose: Purpose): ReadProof {
  const proof = read(Proof, document, 'PROOF_VERIFICATION_ERROR');
  const did = proof.verificationMethod.split('#', 1)[0] ?? '';
  const publicJwk = keyOf(did);
  // The controller of a did:key is the did, and has that one key for every purpose.
  if (proof.verificationMethod !== `${did}#${multikeyOf(publicJwk)}`) {
    throw new Refusal('PROOF_VERIFICATION_ERROR', 'The verification method is not that of its controller');
  }
  if (proof.cryptosuite !== algorithmOf(publicJwk).cryptosuite || proof.proofPurpose !== purpose) {
    throw new Refusal('PROOF_VERIFICATION_ERROR', 'Another purpose, or a suite for other keys');
  }
  return {
    did,
    method: proof.verificationMethod,
    publicJwk,
    id: proof.id,
    previous: listOf<string>(proof.previousProof),
    expires: proof.expires === undefined ? undefined : Date.parse(proof.expires),
    domains: listOf<string>(proof.domain),
    challenge: proof.challenge,
    document,
  };
}

function keyOf(did: string): PublicJwk {
  try {
    const jwk = publicKeyFromDidKey(did);
    if (didKeyOf(jwk) === did) return jwk;
  } catch {
    // Told below.
  }
  throw new Refusal('PROOF_VERIFICATION_ERROR', 'The verification method is no did:key of P-256 or Ed25519');
}

/**
 * Checks every proof of a document: of a chain, each one together with those before it (VC Data Integrity 1.0, sections 4.3 and 4.5).
 *
 * @param nowMs milliseconds since 1970
 * @throws Refusal
 */
export async function verifyProofs(
  secured: JsonObject,
  proofs: readonly ReadProof[],
  nowMs: number,
): Promise<void> {
  const { proof: _, ...document } = secured;
  for (const proof of proofs) {
    if (proof.expires !== undefined && proof.expires <= nowMs) {
      throw new Refusal('PROOF_VERIFICATION_ERROR', 'A proof has expired');
    }
    const before = proofs.filter(({ id }) => id !== undefined && proof.previous.includes(id));
    const covered =
      before.length === 0 ? document : { ...document, proof: before.map(({ document: each }) => each) };
    if (!(await holds(proof, covered))) {
      throw new Refusal('PROOF_VERIFICATION_ERROR', 'A proof does not hold, or covers not all that is said');
    }
  }
}

function holds({ method, did, publicJwk, document: proof }: ReadProof, document: object): Promise<boolean> {
  const documentLoader = testLoader({ [method]: multikeyDocument(method, did, publicJwk) });
  return isVerified(() => verifyingSuite(publicJwk).verifyProof({ proof, document, documentLoader }));
}

import type { Instant } from '@symbolon/protocol/instant';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { checkStatus } from './check-status.ts';
import { type CheckedCredential, Contexts, checkCredential, TypesWith } from './credential.ts';
import { requirePlainlySaid } from './plainly-said.ts';
import { type ReadProof, readProofs, verifyProofs } from './proofs.ts';
import { Refusal } from './refusal.ts';
import type { StatusList } from './status-list.ts';
import { listOf, objectOf, read, Url } from './values.ts';

/** `checks` of VC-API: without it, everything is checked. The proof always is. */
const Options = z.looseObject({
  checks: z.optional(z.array(z.enum(['proof', 'credentialStatus'])).check(z.minLength(1))),
});
const PresentationOptions = z.looseObject({
  checks: Options.shape.checks,
  challenge: z.string().check(z.minLength(1)),
  domain: z.optional(z.string().check(z.minLength(1))),
});

const Presentation = z.looseObject({
  '@context': Contexts,
  id: z.optional(Url),
  type: TypesWith('VerifiablePresentation'),
  holder: z.optional(z.union([Url, z.looseObject({ id: Url })])),
});

export interface Verifier {
  /** @throws Refusal unless it is good in every respect that is checked */
  verifyCredential(credential: Json | undefined, options: Json | undefined, now: Instant): Promise<void>;
  /** @throws Refusal */
  verifyPresentation(presentation: Json | undefined, options: Json | undefined, now: Instant): Promise<void>;
}

type Checks = z.output<typeof Options>['checks'];

/** @param list the one status list that can be read */
export function createVerifier(list: StatusList): Verifier {
  const verifiedList = async (now: Instant) => verifyOne(await list.credential(now), undefined, now);

  async function verifyOne(
    value: Json | undefined,
    checks: Checks,
    now: Instant,
  ): Promise<CheckedCredential> {
    const credential = checkCredential(value);
    const proofs = readProofs(credential.document['proof'], 'assertionMethod');
    await verifyProofs(credential.document, proofs, now * 1000);
    if (checks?.every((check) => check === 'proof')) return credential;
    requireIssuer(credential, proofs);
    requireValid(credential, now * 1000);
    await checkStatus(credential, list, verifiedList, now);
    await requirePlainlySaid(credential);
    return credential;
  }

  return {
    verifyCredential: async (credential, options, now) => {
      const { checks } = read(Options, options ?? {}, 'MALFORMED_VALUE_ERROR');
      await verifyOne(credential, checks, now);
    },
    verifyPresentation: async (value, options, now) => {
      const expected = read(PresentationOptions, options ?? {}, 'MALFORMED_VALUE_ERROR');
      const document = objectOf(value, 'The presentation');
      const { holder } = read(Presentation, document, 'MALFORMED_VALUE_ERROR');
      const proofs = readProofs(document['proof'], 'authentication');
      for (const proof of proofs) requireAnswer(proof, expected);
      await verifyProofs(document, proofs, now * 1000);
      const holderId = typeof holder === 'string' ? holder : holder?.id;
      if (holderId !== undefined && !proofs.some(({ did }) => did === holderId)) {
        throw new Refusal('PROOF_VERIFICATION_ERROR', 'The holder did not sign');
      }
      for (const credential of credentialsOf(document)) await verifyOne(credential, expected.checks, now);
    },
  };
}

/** Of a chain, others may have signed too. */
function requireIssuer({ issuer }: CheckedCredential, proofs: readonly ReadProof[]): void {
  if (proofs.some(({ did }) => did === issuer)) return;
  throw new Refusal('PROOF_VERIFICATION_ERROR', 'No proof is by a key of the issuer');
}

function requireValid({ from, until }: CheckedCredential, nowMs: number): void {
  if (from !== undefined && from > nowMs) throw new Refusal('RANGE_ERROR', 'It is not valid yet');
  if (until !== undefined && until < nowMs) throw new Refusal('RANGE_ERROR', 'It is no longer valid');
}

/** Challenge and domain are those that were asked for (VC Data Integrity 1.0, section 4.3). */
function requireAnswer(
  { challenge, domains }: ReadProof,
  expected: z.output<typeof PresentationOptions>,
): void {
  if (challenge !== expected.challenge) {
    throw new Refusal('INVALID_CHALLENGE_ERROR', 'The challenge is another');
  }
  if (expected.domain !== undefined && !domains.includes(expected.domain)) {
    throw new Refusal('INVALID_DOMAIN_ERROR', 'The domain is another');
  }
}

function credentialsOf(presentation: JsonObject): readonly (Json | undefined)[] {
  const value = presentation['verifiableCredential'];
  if (value === undefined) return [];
  return listOf<Json>(value);
}

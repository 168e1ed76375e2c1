import { LIMITS } from '@symbolon/protocol/limits';
import { check, InstantText, Name, RegionId, RuleRefText } from '@symbolon/protocol/schemas/common';
import { Region } from '@symbolon/protocol/schemas/region';
import * as z from 'zod/mini';
import { CREDENTIALS_V2, STATUS_V1 } from './context-urls.ts';
import { StatusEntries } from './status-entries.ts';

/**
 * The one shape of each document. Strict everywhere: in JSON-LD an unknown name can change what the known ones mean, so none is
 * let in, nor a second way of writing the same (an object for a text, an array for one value).
 */

const Subject = z.strictObject({
  id: z.string().check(z.maxLength(256)),
  /** `urn:symbolon:<scheme>:<major>`, as `vct`. */
  scheme: z.string().check(z.maxLength(128)),
  level: Name,
  rule: RuleRefText,
  authority: Name,
  assurance: Name,
  at: z.optional(InstantText),
  bearer: z.optional(z.literal(true)),
  contested: z.optional(z.literal(true)),
  via: z.optional(RegionId),
});

/** A status credential without its proof (VC Data Model 2.0, section 4). */
export const Credential = z.strictObject({
  '@context': z.tuple([z.literal(CREDENTIALS_V2), z.literal(STATUS_V1)]),
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('StatusCredential')]),
  issuer: Region.shape.did,
  validFrom: InstantText,
  validUntil: InstantText,
  credentialStatus: z.optional(StatusEntries),
  credentialSubject: Subject,
});
export type Credential = z.output<typeof Credential>;
export type CredentialDocument = z.input<typeof Credential>;

const proof = {
  type: z.literal('DataIntegrityProof'),
  created: InstantText,
  verificationMethod: z.string().check(z.maxLength(512)),
  cryptosuite: z.enum(['ecdsa-rdfc-2019', 'eddsa-rdfc-2022']),
  /** Base58btc of 64 bytes. */
  proofValue: z.string().check(z.regex(/^z[1-9A-HJ-NP-Za-km-z]{64,88}$/)),
};

/** VC Data Integrity 1.0, section 2.1. */
export const CredentialProof = z.strictObject({ ...proof, proofPurpose: z.literal('assertionMethod') });

/** A presentation of credentials of one holder without its proof (VC Data Model 2.0, section 4.13). */
export const Presentation = z.strictObject({
  '@context': z.tuple([z.literal(CREDENTIALS_V2)]),
  type: z.tuple([z.literal('VerifiablePresentation')]),
  holder: z.string().check(z.maxLength(256)),
  verifiableCredential: z
    .array(z.record(z.string(), z.unknown()))
    .check(z.minLength(1), z.maxLength(LIMITS.shownTogether)),
});

export const PresentationProof = z.strictObject({
  ...proof,
  proofPurpose: z.literal('authentication'),
  challenge: z.string().check(z.minLength(1), z.maxLength(128)),
  domain: z.string().check(z.minLength(1), z.maxLength(256)),
});
export type PresentationProof = z.output<typeof PresentationProof>;

/** Written as it will be read. @throws SymbolonError `claims-malformed` */
export function checkedDocument(document: CredentialDocument): CredentialDocument {
  check(Credential, document, 'claims-malformed');
  return document;
}

import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText, Name, Octets32 } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';

/** 16 random bytes, base64url. */
const SubjectId = z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/));
/** A statement that someone signed: a compact JWS. Its own reader looks into it. */
const Statement = z.string().check(z.minLength(1), z.maxLength(LIMITS.statementBytes));
const Reason = z.string().check(z.minLength(3), z.maxLength(LIMITS.reasonChars));
/** Of any script: 1 to 4 letters or marks, the first a letter; between them full stops, spaces and hyphens. It is printed and shown as it is. */
const Initials = z.string().check(z.maxLength(8), z.regex(/^\p{L}(?:[. -]*[\p{L}\p{M}]){0,3}[. -]*$/u));
const Format = z.string().check(z.maxLength(64));

/** A closed list: the same document under another kind would be another person. */
const IdentifierKind = z.enum(['identity-card', 'passport', 'travel-permit', 'residence-permit']);

/** `POST /subjects`: an operator enrols a person. Identifiers travel in the body only, never in a URL. */
export const EnrolRequest = z.strictObject({
  identifiers: z
    .array(z.strictObject({ kind: IdentifierKind, value: z.string().check(z.minLength(1), z.maxLength(64)) }))
    .check(z.minLength(1), z.maxLength(LIMITS.subjectIdentifiers)),
});

/** `POST /assets`: an operator enrols a thing by its public name. Enrolling looks at its form. */
export const AssetRequest = z.strictObject({ asset: z.string().check(z.minLength(3), z.maxLength(256)) });

/** `POST /subjects/merge`: two subjects were found to be one person. A second operator signs it where someone would turn adverse. */
export const MergeRequest = z.strictObject({
  from: SubjectId,
  into: SubjectId,
  reason: Reason,
  approval: z.optional(Statement),
});

/** `POST /guardians`: whose wallet may ask in the place of a child or an elder; without `until` that ends now. */
export const GuardianRequest = z.strictObject({
  dependant: SubjectId,
  guardian: SubjectId,
  until: z.nullable(InstantText),
  reason: Reason,
});

/** `POST /facts`: a batch of facts that a registered source signed. */
export const FactsRequest = z.strictObject({ batch: Statement });

/** `POST /facts/settle`: a second operator lets a waiting batch in, or refuses it. */
export const SettleFactsRequest = z.strictObject({ approval: Statement });

/** `POST /facts/read`: an operator reads the facts about a subject, which leaves an entry. */
export const ReadFactsRequest = z.strictObject({ subject: SubjectId, scheme: Name, reason: Reason });

export const ProposalRequest = z.strictObject({ proposal: Statement });
export const ViewProposalRequest = z.strictObject({ proposal: Octets32, reason: Reason });
export const SettleProposalRequest = z.strictObject({ approval: Statement });
export const WithdrawalRequest = z.strictObject({ withdrawal: Statement });

/** `POST /bursts/release`: two overseers' statements are all the authority that it takes. */
export const ReleaseRequest = z.strictObject({ releases: z.tuple([Statement, Statement]) });

/** `POST /cards`: an operator has a card printed for a person, or a label for an asset. */
export const CardRequest = z.strictObject({
  subject: SubjectId,
  scheme: Name,
  initials: z.optional(Initials),
});

/** `POST /credentials`: a wallet asks for a batch, one credential per proof of possession; for a dependant, by the handle that its guardian was given. */
export const CredentialsRequest = z.strictObject({
  scheme: Name,
  format: Format,
  proofs: z.strictObject({ jwt: z.array(z.string()) }),
  for: z.optional(SubjectId),
});

/** `POST /revocations`: for its own subject, or for a dependant by the handle that its guardian was given. */
export const RevocationsRequest = z.strictObject({ for: z.optional(SubjectId) });

/** A body that says nothing: `POST /nonce`, `/record`, and lists of what waits. */
export const EmptyRequest = z.strictObject({});

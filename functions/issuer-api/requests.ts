import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText, Name } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';

const SubjectId = z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/));

/** A closed list: the same document under another kind would be another person. */
const IdentifierKind = z.enum(['identity-card', 'passport', 'travel-permit', 'residence-permit']);

/** `POST /subjects`: an operator enrols a person. Identifiers travel in the body only, never in a URL. */
export const EnrolRequest = z.strictObject({
  identifiers: z
    .array(z.strictObject({ kind: IdentifierKind, value: z.string().check(z.minLength(1), z.maxLength(64)) }))
    .check(z.minLength(1), z.maxLength(LIMITS.subjectIdentifiers)),
});

/** `POST /facts`: an operator reports facts of one subject for one scheme. */
export const FactsRequest = z.strictObject({
  subject: SubjectId,
  scheme: Name,
  facts: z
    .array(
      z.strictObject({
        id: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)),
        type: z.string().check(z.regex(/^[a-z][a-zA-Z0-9]{0,31}$/)),
        at: InstantText,
        fields: z.record(
          z.string(),
          z.union([z.string().check(z.maxLength(LIMITS.factStringChars)), z.boolean(), z.int()]),
        ),
      }),
    )
    .check(z.minLength(1), z.maxLength(LIMITS.batchFacts)),
});

/** `POST /credentials`: a wallet asks for a batch, one credential per proof of possession. */
export const CredentialsRequest = z.strictObject({
  scheme: Name,
  format: z.string().check(z.maxLength(64)),
  proofs: z.strictObject({ jwt: z.array(z.string()) }),
});

/** `POST /revocations`: a lost phone. It ends every living credential of the holder, of every scheme, and every enrolment code. */
export const RevocationRequest = z.strictObject({});

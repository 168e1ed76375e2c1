import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { CREDENTIALS_V1, CREDENTIALS_V2 } from './contexts.ts';
import { Refusal } from './refusal.ts';
import { checkRelatedResources } from './related-resource.ts';
import { ENTRY_TYPE, StatusEntry } from './status-entry.ts';
import { DateTime, listOf, objectOf, oneOrMore, read, Url } from './values.ts';

/** The base context first; what follows is a URL or an object (VC Data Model 2.0, section 4.3). */
export const Contexts = z
  .array(z.union([Url, z.record(z.string(), z.unknown())]))
  .check(z.refine(([first]) => first === CREDENTIALS_V2 || first === CREDENTIALS_V1));

const Types = oneOrMore(z.string().check(z.minLength(1)));

/** Section 4.5: it has a type, and among others this one. */
export const TypesWith = (type: string) =>
  Types.check(z.refine((types) => listOf<string>(types).includes(type)));

/** Section 11.1: a text, or a language value object and nothing more. */
const Words = z.union([
  z.string(),
  z.strictObject({
    '@value': z.string(),
    '@language': z.optional(z.string()),
    '@direction': z.optional(z.enum(['ltr', 'rtl'])),
  }),
]);
const named = { name: z.optional(oneOrMore(Words)), description: z.optional(oneOrMore(Words)) };

const Typed = z.looseObject({ id: z.optional(Url), type: Types });
const Schema = z.looseObject({ id: Url, type: Types });
const Subject = z
  .looseObject({ id: z.optional(Url) })
  .check(z.refine((subject) => Object.keys(subject).length > 0));

/** VC Data Model 2.0, section 4, and what 1.1 has in its place for times. Open: the contexts say what else there may be. */
const Credential = z.looseObject({
  '@context': Contexts,
  id: z.optional(Url),
  type: TypesWith('VerifiableCredential'),
  ...named,
  issuer: z.union([Url, z.looseObject({ id: Url, ...named })]),
  credentialSubject: oneOrMore(Subject),
  validFrom: z.optional(DateTime),
  validUntil: z.optional(DateTime),
  issuanceDate: z.optional(DateTime),
  expirationDate: z.optional(DateTime),
  credentialStatus: z.optional(oneOrMore(Typed)),
  credentialSchema: z.optional(oneOrMore(Schema)),
  refreshService: z.optional(oneOrMore(Typed)),
  termsOfUse: z.optional(oneOrMore(Typed)),
  evidence: z.optional(oneOrMore(Typed)),
});

/** A credential of the data model. Who secured it, and whether anyone did, is not known. */
export interface CheckedCredential {
  readonly issuer: string;
  /** In milliseconds since 1970. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly statusEntries: readonly z.output<typeof Typed>[];
  readonly document: JsonObject;
}

/** @throws Refusal */
export function checkCredential(value: Json | undefined): CheckedCredential {
  const document = objectOf(value, 'The credential');
  const credential = read(Credential, document, 'MALFORMED_VALUE_ERROR');
  const isV1 = credential['@context'][0] === CREDENTIALS_V1;
  const [from, until] = isV1
    ? [credential.issuanceDate, credential.expirationDate]
    : [credential.validFrom, credential.validUntil];
  if (isV1 && from === undefined) throw new Refusal('MALFORMED_VALUE_ERROR', 'issuanceDate is missing');
  const times = { from: timeOf(from), until: timeOf(until) };
  if (times.from !== undefined && times.until !== undefined && times.from > times.until) {
    throw new Refusal('MALFORMED_VALUE_ERROR', 'The validity ends before it begins');
  }
  checkRelatedResources(document['relatedResource']);
  const statusEntries = listOf(credential.credentialStatus);
  for (const entry of statusEntries.filter(isBitstringEntry)) {
    read(StatusEntry, entry, 'MALFORMED_VALUE_ERROR');
  }
  const { issuer } = credential;
  return { issuer: typeof issuer === 'string' ? issuer : issuer.id, ...times, statusEntries, document };
}

export function isBitstringEntry({ type }: { readonly type: string | readonly string[] }): boolean {
  return listOf(type).includes(ENTRY_TYPE);
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

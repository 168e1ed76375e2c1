import { sha256Base64url } from '@symbolon/keys/digest';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { Name, NumericDate } from '@symbolon/protocol/schemas/common';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { checkFact } from '@symbolon/rules/fact';
import * as z from 'zod/mini';
import { type Publication, schemeOf } from '../publication.ts';
import {
  type ReadStatement,
  readStatement,
  STATEMENT_CLAIMS,
  verifyStatement,
} from '../statements/statement.ts';

const Id = z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,64}$/));
const IDENTIFIER_CHARS = 256;

/** Of whom it is: a subject of the region by its id, or by an identifier that was enrolled. */
const ABOUT = {
  id: Id,
  subject: z.optional(Id),
  identifier: z.optional(
    z.strictObject({ kind: Name, value: z.string().check(z.minLength(1), z.maxLength(IDENTIFIER_CHARS)) }),
  ),
};
interface About {
  readonly subject?: string | undefined;
  readonly identifier?: object | undefined;
}
const names = z.refine<About>((each) => (each.subject === undefined) !== (each.identifier === undefined));

/** What a source signs: facts, and facts of its own that it takes back. A correction is one of each. */
const BatchClaims = z
  .strictObject({
    ...STATEMENT_CLAIMS,
    /** The source, as the region file names it. */
    iss: Name,
    /** The batch, as the source names it. */
    jti: Id,
    scheme: Name,
    facts: z.array(
      z
        .strictObject({
          ...ABOUT,
          type: z.string().check(z.maxLength(32)),
          at: NumericDate,
          fields: z.record(
            z.string(),
            z.union([z.string().check(z.maxLength(LIMITS.factStringChars)), z.boolean(), z.int()]),
          ),
        })
        .check(names),
    ),
    retracts: z.array(z.strictObject(ABOUT).check(names)),
  })
  .check(
    z.refine(({ facts, retracts }) => {
      const count = facts.length + retracts.length;
      return count >= 1 && count <= LIMITS.batchFacts;
    }),
  );
export type BatchClaims = z.output<typeof BatchClaims>;
export type BatchStatement = ReadStatement<BatchClaims>;

/**
 * Reads a batch. **Nothing is verified**: see `verifyBatch`. Its digest is that of what it says, and not of when it was signed: a source that signs the same
 * batch again sends the same one.
 *
 * @throws SymbolonError `statement-invalid`
 */
export function readBatch(token: string): BatchStatement {
  const statement = readStatement('facts', BatchClaims, token);
  const { iat: _, ...content } = statement.claims;
  return { ...statement, digest: sha256Base64url(canonicalJson(content)) };
}

/**
 * Whether a registered source signed this batch for this region by `at`, and every fact has the form that its scheme declares. Says nothing of whose they are.
 *
 * @throws SymbolonError `source-unknown`, `statement-invalid`, `scheme-unknown`, `fact-malformed` with the place
 */
export async function verifyBatch(
  publication: Publication,
  statement: BatchStatement,
  at: Instant,
): Promise<Scheme> {
  const { claims, kid } = statement;
  const { region } = publication;
  // REQ-ISS-027: who is not registered reports nothing, and nobody reports for another.
  const source = own(region.sources ?? {}, claims.iss);
  const key = source?.keys.find((each) => each.kid === kid);
  if (source === undefined || key === undefined) throw new SymbolonError('source-unknown');
  await verifyStatement(statement, key, region.issuer, at);
  const scheme = schemeOf(publication, claims.scheme);
  const types = own(source.facts, scheme.id);
  if (types === undefined) throw new SymbolonError('source-unknown', { path: 'scheme' });
  for (const [position, fact] of claims.facts.entries()) {
    const path = `facts.${position}`;
    if (!types.includes(fact.type)) throw new SymbolonError('source-unknown', { path: `${path}.type` });
    checkReported(scheme, fact, path, at);
  }
  return scheme;
}

function checkReported(
  scheme: Scheme,
  { type, at, fields }: BatchClaims['facts'][number],
  path: string,
  now: Instant,
): void {
  // What is about a place is published for everyone, and not said of one person.
  if (own(scheme.factTypes, type)?.about === 'place')
    throw new SymbolonError('fact-malformed', { path: `${path}.type` });
  // What lies in the future does not count, and must not wait there to crowd out what does.
  if (at > addSeconds(now, LIMITS.factAheadSeconds))
    throw new SymbolonError('fact-malformed', { path: `${path}.at` });
  try {
    checkFact(scheme, { type, at, fields });
  } catch (error) {
    const inner = error instanceof SymbolonError ? error.path : undefined;
    const paths = (inner ?? 'fields').split(', ').map((each) => `${path}.${each}`);
    throw new SymbolonError('fact-malformed', { path: paths.join(', ') });
  }
}

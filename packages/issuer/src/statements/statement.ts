import { sha256Base64url } from '@symbolon/keys/digest';
import { verifySignature } from '@symbolon/keys/signature';
import type { Signer } from '@symbolon/keys/signer';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import { check, HttpsUrl, Kid, NumericDate } from '@symbolon/protocol/schemas/common';
import { Algorithm, type PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { isJsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

/** What operators, sources and overseers sign: a compact JWS (RFC 7515) each with its own exact `typ`. */
export const STATEMENTS = {
  /** A source: a batch of facts. */
  facts: 'symbolon-facts+jwt',
  /** An operator: proposes a manual decision. */
  proposal: 'symbolon-proposal+jwt',
  /** A second operator: approves or rejects it. */
  approval: 'symbolon-approval+jwt',
  /** A second operator: agrees that two subjects are one person. */
  mergeApproval: 'symbolon-merge-approval+jwt',
  /** An operator: ends a manual decision before its time. */
  withdrawal: 'symbolon-withdrawal+jwt',
  /** A second operator: lets in a batch of facts that waits, or refuses it. */
  intakeApproval: 'symbolon-intake-approval+jwt',
  /** Two overseers: release what the burst guard holds. */
  release: 'symbolon-release+jwt',
} as const;
export type StatementKind = keyof typeof STATEMENTS;

/** In every statement: which region it is for, and when it was signed. */
export const STATEMENT_CLAIMS = { aud: HttpsUrl, iat: NumericDate } as const;

/** A statement of the right form. **Nothing is verified**: not who signed it, not for whom, not when. */
export interface ReadStatement<T> {
  readonly kid: string;
  /** As the message says. The registered key's decides. */
  readonly alg: Algorithm;
  readonly claims: T;
  /** SHA-256 of the signing input, base64url: names the statement, whoever signs it again. */
  readonly digest: string;
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
}

/** The key that is published for the signer of a statement. */
export interface PublishedKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly jwk: PublicJwk;
}

/** Signs a statement. The caller sees to it that `claims` has the form of its kind. */
export async function signStatement(kind: StatementKind, claims: object, signer: Signer): Promise<string> {
  const header = { alg: signer.alg, typ: STATEMENTS[kind], kid: signer.kid };
  const signingInput = `${part(header)}.${part(claims)}`;
  return `${signingInput}.${encodeBase64url(await signer.sign(utf8(signingInput)))}`;
}

/**
 * Reads a statement of one kind: strict base64url, strict JSON, exactly the header `alg`, `typ`, `kid`. Find the published key by `kid` and whom the claims
 * name, and then call `verifyStatement`.
 *
 * @throws SymbolonError `statement-invalid`
 */
export function readStatement<T extends z.core.$ZodType<{ aud: string; iat: Instant }>>(
  kind: StatementKind,
  schema: T,
  token: string,
): ReadStatement<z.output<T>> {
  if (token.length > LIMITS.statementBytes)
    throw new SymbolonError('statement-invalid', { bound: LIMITS.statementBytes });
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    throw new SymbolonError('statement-invalid');
  const { alg, kid } = check(Header(STATEMENTS[kind]), objectIn(header, 'header'), 'statement-invalid');
  const signingInput = `${header}.${payload}`;
  return {
    kid,
    alg,
    claims: check(schema, objectIn(payload, 'payload'), 'statement-invalid'),
    digest: sha256Base64url(signingInput),
    signingInput: utf8(signingInput),
    signature: partIn('signature', () => decodeBase64url(signature)),
  };
}

/**
 * REQ-ISS-028: whether a statement was signed with this published key, for this region, and lately.
 *
 * @throws SymbolonError `statement-invalid`
 */
export async function verifyStatement(
  statement: ReadStatement<{ readonly aud: string; readonly iat: Instant }>,
  key: PublishedKey,
  audience: string,
  now: Instant,
): Promise<void> {
  const { aud, iat } = statement.claims;
  if (aud !== audience) throw new SymbolonError('statement-invalid', { path: 'aud' });
  if (iat > now + WINDOW.aheadSeconds || iat < now - LIMITS.statementAgeSeconds)
    throw new SymbolonError('statement-invalid', { path: 'iat' });
  // The algorithm is a property of the registered key, never of the message.
  if (statement.kid !== key.kid || statement.alg !== key.alg)
    throw new SymbolonError('statement-invalid', { path: 'header' });
  if (!(await verifySignature(key.jwk, statement.signingInput, statement.signature)))
    throw new SymbolonError('statement-invalid', { path: 'signature' });
}

const Header = (typ: string) => z.strictObject({ alg: Algorithm, typ: z.literal(typ), kid: Kid });

function part(value: object): string {
  return encodeBase64url(utf8(JSON.stringify(value)));
}

function objectIn(text: string, path: string): object {
  const value = partIn(path, () => parseStrictJson(fromUtf8(decodeBase64url(text))));
  if (!isJsonObject(value)) throw new SymbolonError('statement-invalid', { path });
  return value;
}

function partIn<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SymbolonError('statement-invalid', { path, cause });
  }
}

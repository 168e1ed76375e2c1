import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { Name, NumericDate, Octets32, RuleRefText } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import type { Publication } from '../publication.ts';
import { type OperatorRole, operatorKey } from '../statements/operators.ts';
import {
  type ReadStatement,
  readStatement,
  STATEMENT_CLAIMS,
  type StatementKind,
  verifyStatement,
} from '../statements/statement.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';

const Reason = z.string().check(z.minLength(1), z.maxLength(LIMITS.reasonChars));
const SubjectId = z.string().check(z.minLength(1), z.maxLength(64));

/** What the first operator signs: this person shall have the level of this rule until then, because. */
export const ProposalClaims = z.strictObject({
  ...STATEMENT_CLAIMS,
  jti: z.string().check(z.minLength(1), z.maxLength(64)),
  authority: Name,
  subject: SubjectId,
  scheme: Name,
  rule: RuleRefText,
  until: NumericDate,
  statement: Reason,
});

/** What the second operator signs. It names the proposal by its digest. */
export const ApprovalClaims = z.strictObject({
  ...STATEMENT_CLAIMS,
  authority: Name,
  proposal: Octets32,
  verdict: z.enum(['approve', 'reject']),
  reason: Reason,
});

/** What one operator signs to end a manual decision before its time, named by its number, or to take back a proposal, named by its digest. */
export const WithdrawalClaims = z
  .strictObject({
    ...STATEMENT_CLAIMS,
    authority: Name,
    subject: SubjectId,
    scheme: Name,
    sequence: z.optional(z.int().check(z.gte(1))),
    proposal: z.optional(Octets32),
    reason: Reason,
  })
  .check(z.refine(({ sequence, proposal }) => (sequence === undefined) !== (proposal === undefined)));

/** What two overseers sign, each: these rules answer a true outbreak. */
export const ReleaseClaims = z.strictObject({
  ...STATEMENT_CLAIMS,
  burst: z.string().check(z.minLength(1), z.maxLength(256)),
  rules: z.array(RuleRefText).check(z.minLength(1), z.maxLength(LIMITS.rulesPerSet)),
  reason: Reason,
});

/**
 * Reads what an operator signed, and verifies it with the key that the region publishes for this operator.
 *
 * @param by who acts, by their access token: it must be who signed
 * @param roles one of them is enough
 * @throws SymbolonError `statement-invalid`, `forbidden` when another one signed, `operator-unknown`
 */
export async function operatorStatement<
  T extends z.core.$ZodType<{ aud: string; iat: Instant; authority: string }>,
>(
  kind: StatementKind,
  schema: T,
  token: string,
  { region }: Publication,
  by: OperatorRef,
  roles: readonly [OperatorRole, ...OperatorRole[]],
  now: Instant,
): Promise<ReadStatement<z.output<T>>> {
  const statement = readStatement(kind, schema, token);
  // REQ-ISS-004: a token lets its bearer act for nobody else.
  if (statement.kid !== by.kid || statement.claims.authority !== by.authority)
    throw new SymbolonError('forbidden');
  await verifyStatement(statement, keyOf(region, by, roles), region.issuer, now);
  return statement;
}

/** REQ-ISS-029 */
function keyOf(
  region: Publication['region'],
  by: OperatorRef,
  [role, ...others]: readonly [OperatorRole, ...OperatorRole[]],
): ReturnType<typeof operatorKey> {
  const [next, ...rest] = others;
  if (next === undefined) return operatorKey(region, by, role);
  try {
    return operatorKey(region, by, role);
  } catch {
    return keyOf(region, by, [next, ...rest]);
  }
}

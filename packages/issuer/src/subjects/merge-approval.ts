import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { Name } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import { statusOf } from '../decisions/decision.ts';
import { isAdverse } from '../decisions/strictness.ts';
import type { DecisionStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { operatorKey } from '../statements/operators.ts';
import { readStatement, STATEMENT_CLAIMS, verifyStatement } from '../statements/statement.ts';
import type { OperatorRef } from './journal-entry.ts';

export interface MergePair {
  readonly from: string;
  readonly into: string;
}

const SubjectId = z.string().check(z.minLength(1), z.maxLength(64));

/** What the second operator signs: these two are one person. */
export const MergeApprovalClaims = z.strictObject({
  ...STATEMENT_CLAIMS,
  authority: Name,
  from: SubjectId,
  into: SubjectId,
  reason: z.string().check(z.minLength(3), z.maxLength(LIMITS.reasonChars)),
});

/**
 * REQ-ISS-041: whether a merge gives a person an adverse status that they do not have: one of the two has it in some scheme, and the other is not of the same
 * level. One operator alone could turn anyone adverse by it.
 */
export async function takesTwo(
  { decisions }: { readonly decisions: DecisionStore },
  { schemes }: Publication,
  { from, into }: MergePair,
): Promise<boolean> {
  const each = await Promise.all(
    Object.values(schemes).map(async (scheme) => {
      const levels = [
        statusOf(await decisions.newest(from, scheme.id))?.level,
        statusOf(await decisions.newest(into, scheme.id))?.level,
      ];
      const isOneAdverse = levels.some((level) => level !== undefined && isAdverse(scheme, level));
      return isOneAdverse && levels[0] !== levels[1];
    }),
  );
  return each.includes(true);
}

/**
 * Verifies what a second operator signed of a merge.
 *
 * @param by who merges
 * @returns the kid of who signed
 * @throws SymbolonError `statement-invalid` (`path` `from` or `into` when it is of another merge), `operator-unknown` without the role `approve`, `same-operator`
 */
export async function verifyMergeApproval(
  { region }: Publication,
  token: string,
  pair: MergePair,
  by: OperatorRef,
  now: Instant,
): Promise<string> {
  const statement = readStatement('mergeApproval', MergeApprovalClaims, token);
  const { kid, claims } = statement;
  const key = operatorKey(region, { kid, authority: claims.authority }, 'approve');
  await verifyStatement(statement, key, region.issuer, now);
  for (const path of ['from', 'into'] as const)
    if (claims[path] !== pair[path]) throw new SymbolonError('statement-invalid', { path });
  // REQ-ISS-030
  if (kid === by.kid) throw new SymbolonError('same-operator');
  return kid;
}

import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { ShownStatus } from '@symbolon/protocol/schemas/verdict';
import { type CompiledPolicy, evaluatePolicy } from '@symbolon/rules/policy';
import type { Findings } from '../findings.ts';

/** Step 9, of one credential: it was asked for, and for what its scheme is for. */
export function acceptScheme({ id, purposes }: Scheme, policy: Policy, findings: Findings): void {
  // The purpose is the scheme's: a health status is not a ticket.
  if (!purposes.includes(policy.purpose)) findings.add('acceptance', 'purpose-not-listed', 'not-accepted');
  if (!policy.schemes.includes(id)) findings.add('acceptance', 'scheme-not-asked', 'not-accepted');
}

/** Step 9, of all: the policy of this place. It sees levels as this region counts them, so a level that is not recognised satisfies nothing. */
export function accept(
  statuses: readonly ShownStatus[],
  compiled: CompiledPolicy,
  now: Instant,
  findings: Findings,
): void {
  // REQ-REC-006: what a status counts as here is not known, so a person decides and not the policy.
  if (findings.includes('recognition-missing')) return;
  try {
    if (!evaluatePolicy(compiled, statuses, now))
      findings.add('acceptance', 'policy-not-met', 'not-accepted');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    findings.add('acceptance', error.code, 'not-accepted');
  }
}

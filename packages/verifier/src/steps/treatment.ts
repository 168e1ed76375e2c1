import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Severity } from '@symbolon/protocol/schemas/verdict';

/** How a policy wants a case to be treated that is authentic and not plain. */
type Treatment = Policy['onBearer'];

/** @param whenAccepted whether someone should be told of what the policy accepts */
export function severityOf(treatment: Treatment, whenAccepted: 'info' | 'warn'): Severity {
  if (treatment === 'accepted') return whenAccepted;
  return treatment === 'referred' ? 'referred' : 'not-accepted';
}

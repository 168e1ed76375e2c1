import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Step } from '@symbolon/protocol/schemas/verdict';
import type { Findings } from '../findings.ts';

/**
 * Graded freshness (protocol, sections 4 and 7): nobody believes a stale registry or a stale list silently, and one missed signing stops
 * no gate. A grade begins with its very second (REQ-REG-014, REQ-REG-015, REQ-REG-016: from `...AfterHours` on).
 *
 * @param signedAt when what is relied on was signed; a time after `now` is another finding's (`clock`)
 */
export function gradeAge(
  step: Step,
  signedAt: Instant,
  { warnAfterHours, referAfterHours, blockAfterHours }: Federation['freshness'],
  now: Instant,
  findings: Findings,
): void {
  const hours = (now - signedAt) / HOUR_SECONDS;
  if (hours >= blockAfterHours) findings.add(step, 'stale-block', 'not-accepted');
  else if (hours >= referAfterHours) findings.add(step, 'stale-refer', 'referred');
  else if (hours >= warnAfterHours) findings.add(step, 'stale-warn', 'warn');
}

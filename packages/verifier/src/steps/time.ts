import { HOUR_SECONDS, type Instant, isOnTheHour } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';

/** Step 4: the times of the credential, and the clock that they are held against. */
export function checkTime(
  { claims }: Decoded,
  scheme: Scheme,
  trust: Trust,
  now: Instant,
  findings: Findings,
): boolean {
  const { issuedAt, expiresAt, sampledAt } = claims;
  // What no honest issuer signs: such a credential is not one of this protocol, whoever signed it.
  if (!isOnTheHour(issuedAt) || !isOnTheHour(expiresAt)) {
    findings.add('time', 'time-not-hourly', 'not-authentic');
    return false;
  }
  if (expiresAt <= issuedAt || expiresAt - issuedAt > scheme.longestValidityHours * HOUR_SECONDS) {
    findings.add('time', 'validity-too-long', 'not-authentic');
    return false;
  }
  // REQ-TIM-006: a sample from the future would look fresher than any.
  const misplaced = sampledAt !== undefined && scheme.ageFrom === undefined;
  if (misplaced || (sampledAt !== undefined && (sampledAt > issuedAt || !isOnTheHour(sampledAt)))) {
    findings.add('time', 'sample-time', 'not-authentic');
    return false;
  }
  if (now >= expiresAt) findings.add('time', 'expired', 'not-accepted');
  if (now + WINDOW.aheadSeconds < issuedAt) findings.add('time', 'not-yet-valid', 'not-accepted');
  // REQ-TIM-005: a clock that was set back makes everything look fresh.
  if (now + WINDOW.aheadSeconds < trust.newestSignedAt) findings.addOnce('time', 'clock', 'referred');
  return true;
}

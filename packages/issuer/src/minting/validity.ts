import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { UNLISTED_VALIDITY_HOURS } from '@symbolon/protocol/limits';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';

/** What is offered (names of OpenID4VCI 1.0, appendix A). */
export const FORMATS = ['dc+sd-jwt', 'ldp_vc'] as const;
export type Format = (typeof FORMATS)[number];

export interface Validity {
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** Whether the credential carries a status list entry. */
  readonly listed: boolean;
}

/**
 * Whole hours, so that a time does not single anyone out (protocol, section 3). A format or scheme without a status list gets at
 * most the hours for which none is needed: the credential ends by not being renewed (protocol, section 7).
 */
export function validityOf(scheme: Scheme, format: Format, now: Instant): Validity {
  const issuedAt = hourFloor(now);
  const canList = scheme.statusList && format === 'dc+sd-jwt';
  const hours = canList
    ? scheme.longestValidityHours
    : Math.min(scheme.longestValidityHours, UNLISTED_VALIDITY_HOURS);
  return {
    issuedAt,
    expiresAt: addHours(issuedAt, hours),
    listed: canList && hours > UNLISTED_VALIDITY_HOURS,
  };
}

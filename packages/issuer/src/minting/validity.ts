import { addHours, type Instant } from '@symbolon/protocol/instant';
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
 * Whole hours, so that a time does not single anyone out (protocol, section 3). A scheme without a status list gets at most the hours for which none
 * is needed: the credential ends by not being renewed (protocol, section 7).
 */
export function validityHours({ statusList, longestValidityHours }: Scheme): number {
  return statusList ? longestValidityHours : Math.min(longestValidityHours, UNLISTED_VALIDITY_HOURS);
}

/** @param issuedAt on the hour */
export function validityFrom(scheme: Scheme, issuedAt: Instant): Validity {
  const hours = validityHours(scheme);
  return {
    issuedAt,
    expiresAt: addHours(issuedAt, hours),
    listed: scheme.statusList && hours > UNLISTED_VALIDITY_HOURS,
  };
}

import { HOUR_SECONDS, type Instant, instant, parseInstant } from '@symbolon/protocol/instant';

/** No scheme may have anything signed that is valid longer than this (protocol, section 4), whatever one says now and said before. */
export const LONGEST_VALIDITY_HOURS = 31 * 24;

const LAST = parseInstant('9999-12-31T23:59:59Z');

/**
 * How long a key stays in `keys.json` after its end, for the policy that is published: until the last that it may have signed has ended, and the oldest
 * registry that a verifier goes by knows of that. It does not go by the schemes: they may have allowed more when the key signed.
 */
export function keepHours({ blockAfterHours }: { readonly blockAfterHours: number }): number {
  return LONGEST_VALIDITY_HOURS + blockAfterHours;
}

/** Hours later; the end of the year 9999 for what lies beyond it. A date in a file of someone else must not stop a plan. */
export function hoursAfter(at: Instant, hours: number): Instant {
  return instant(Math.min(at + hours * HOUR_SECONDS, LAST));
}

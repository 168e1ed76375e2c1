import { HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import type { Decision } from '../decisions/decision.ts';
import type { HourlyCounts } from '../ports.ts';
import type { MintRecord } from './mint-record.ts';

/** A slot is half of the validity and no more than this: whoever gets a coarsened credential has the other half left. */
const LONGEST_SLOT_HOURS = 12;

type ClassOf = Pick<Decision, 'scheme' | 'level' | 'rule' | 'authority'>;

/** What everyone of a class shares beside the region and the hour (protocol, section 5): the key of its tally. */
export function classKey({ scheme, level, rule, authority }: ClassOf): string {
  return `class:${scheme}:${level}:${rule}:${authority}`;
}

/** The beginning of the slot in which an hour lies. Slots are the same for everyone. */
export function slotStart(hour: Instant, validityHours: number): Instant {
  const slotHours = Math.max(1, Math.min(LONGEST_SLOT_HOURS, Math.floor(validityHours / 2)));
  return instant(hour - (hour % (slotHours * HOUR_SECONDS)));
}

/**
 * Whether a subject has been counted in its class in this hour, as far as its living mints tell. In a small class a mint of the same slot tells nothing of its
 * hour and counts as one of this hour: rather a class that looks too small than one that looks too large.
 */
export function isCounted(living: readonly MintRecord[], of: ClassOf, hour: Instant, slot: Instant): boolean {
  return living.some(
    (mint) => classKey(mint) === classKey(of) && (mint.issuedAt === hour || mint.issuedAt === slot),
  );
}

/** @param counted whether the subject that asks is in the counts; it is one of the class in any case */
export function isSmall(
  counts: HourlyCounts,
  hour: Instant,
  counted: boolean,
  smallestClass: number,
): boolean {
  const now = hour / HOUR_SECONDS;
  const inThisHour = counts.get(now) ?? 0;
  const withIt = counted ? Math.max(1, inThisHour) : inThisHour + 1;
  return Math.max(withIt, counts.get(now - 1) ?? 0) < smallestClass;
}

import { HOUR_SECONDS, hourFloor, type Instant, instant } from '@symbolon/protocol/instant';
import type { Decision } from '../decisions/decision.ts';
import type { HourlyCounts } from '../ports.ts';
import type { MintRecord } from './mint-record.ts';
import type { Format } from './validity.ts';

/** A slot is half of the validity and no more than this: whoever gets a coarsened credential has the other half left. */
const LONGEST_SLOT_HOURS = 12;

export interface ClassOf extends Pick<Decision, 'scheme' | 'level' | 'rule' | 'authority' | 'sampledAt'> {
  readonly format: Format;
}

/**
 * When the sample was taken, as credentials of this hour say it. It is never coarser: gates ask for an age. REQ-TIM-006: a fact that its source dates a
 * little ahead makes no sample of the future.
 */
export function shownSample({ sampledAt }: Pick<ClassOf, 'sampledAt'>, hour: Instant): Instant | undefined {
  return sampledAt === undefined ? undefined : instant(Math.min(hourFloor(sampledAt), hour));
}

/** What everyone of a class shares beside the region and the hour (protocol, section 5), the sample's hour with it: the key of its tally. */
export function classKey(of: ClassOf, hour: Instant): string {
  const { scheme, level, rule, authority, format } = of;
  const sample = shownSample(of, hour);
  const at = sample === undefined ? '-' : sample / HOUR_SECONDS;
  return `class:${scheme}:${level}:${rule}:${authority}:${format}:${at}`;
}

/** The beginning of the slot in which an hour lies. Slots are the same for everyone. */
export function slotStart(hour: Instant, validityHours: number): Instant {
  const slotHours = Math.max(1, Math.min(LONGEST_SLOT_HOURS, Math.floor(validityHours / 2)));
  return instant(hour - (hour % (slotHours * HOUR_SECONDS)));
}

/**
 * Whether a subject has been counted in its class in this hour, as far as its living mints tell. In a small class a mint of the same slot tells nothing of its
 * hour and counts as one of this hour: rather a class that looks too small than one that looks too large.
 *
 * @param issuedAt what its next credentials say: this hour, or in a small class its slot
 */
export function isCounted(living: readonly MintRecord[], tally: string, issuedAt: Instant): boolean {
  return living.some((mint) => mint.issuedAt === issuedAt && classKey(mint, issuedAt) === tally);
}

/**
 * Judged by the hour before only, so that one hour has one answer for everyone: where the count of this hour decided, those who came before it was large
 * enough would have the slot, and the next one would be alone with the hour. Whoever asks is one of the class in any case.
 */
export function isSmall(counts: HourlyCounts, hour: Instant, smallestClass: number): boolean {
  return Math.max(1, counts.get(hour / HOUR_SECONDS - 1) ?? 0) < smallestClass;
}

import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { HourlyCounts } from '../ports.ts';
import type { BurstRecord } from './burst-record.ts';

/** How many worse decisions one rule or authority may make in any 60 minutes, 24 hours and 7 days. */
export type BurstBounds = NonNullable<Federation['burst']>;

const MINUTE_SECONDS = 60;
const WINDOW_HOURS = [
  ['perHour', 1],
  ['perDay', 24],
  ['perWeek', 168],
] as const satisfies readonly (readonly [keyof BurstBounds, number])[];

export function burstBounds({ burst }: Federation): BurstBounds {
  return burst ?? POLICY_DEFAULTS.burst;
}

/** Hours since 1970. */
export function hourOf(at: Instant): number {
  return Math.floor(at / HOUR_SECONDS);
}

/**
 * Whether what was counted up to this hour is more than a window allows. A window of n hours touches n + 1 hours of the clock, and all of them count in full:
 * so no 60 minutes, wherever they begin, let more through than the bound; it may hold up to an hour sooner than it must. A later hour counts as well: another
 * writer's clock is ahead.
 */
export function exceeds(counts: HourlyCounts, hour: number, bounds: BurstBounds): boolean {
  return WINDOW_HOURS.some(([window, hours]) => {
    let sum = 0;
    for (const [counted, count] of counts) if (counted >= hour - hours) sum += count;
    return sum > bounds[window];
  });
}

/** Under which a decision is counted and held: its rule version, and its authority. */
export function causesOf({ rule, authority }: { rule: string; authority: string }): readonly string[] {
  return [`rule:${rule}`, `authority:${authority}`];
}

/** How long a manual decision waits before it is made, in seconds. */
export function manualDelaySeconds({ burst }: Federation): number {
  return (burst?.manualDelayMinutes ?? 0) * MINUTE_SECONDS;
}

/** Whether a burst holds things now. What nobody released in time does not count as held, whether or not that was written down. */
export function isHeld({ state, lapsesAt }: BurstRecord, now: Instant): boolean {
  return state === 'held' && now < lapsesAt;
}

/** Whether two overseers have said, with this burst, that a rule answers a true outbreak. */
export function releases({ state, releasedRules }: BurstRecord, rule: string): boolean {
  return state === 'released' && releasedRules?.includes(rule) === true;
}

import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import * as z from 'zod/mini';
import type { Per } from './decision-leaf.ts';

/** Leaves of one class by hour (hours since 1970): how many there are, and how exactly all of them are dated. */
const Hours = z.record(z.string(), z.strictObject({ leaves: z.int(), per: z.enum(['hour', 'day']) }));
export const ClassCounts = z.record(z.string(), Hours);
export type ClassCounts = z.output<typeof ClassCounts>;

/** A decision that waited for longer than this for its leaf is dated by the day. */
const KEPT_HOURS = 24;

export interface ClassCounter {
  /** Counts a leaf of this class, of a decision made at this time, and says how it is to be dated. */
  count(of: string, decidedAt: Instant): Per;
  /** The counts, those of hours that nobody asks for any more left out. */
  kept(now: Instant): ClassCounts;
}

/**
 * The rule against small classes: where a class had fewer leaves in the hour before than the federation's smallest class, those of this hour say the day only.
 *
 * An hour of a class has one answer, which is given with its first leaf: were it judged anew with each, whoever came before the class was large enough would be told from those after. It is
 * judged by the hour before, as nobody knows yet how many will come.
 */
export function classCounter(before: ClassCounts, smallestClass: number): ClassCounter {
  const classes = new Map(Object.entries(before).map(([of, hours]) => [of, new Map(Object.entries(hours))]));
  return {
    count: (of, decidedAt) => {
      const hours = classes.get(of) ?? new Map<string, { leaves: number; per: Per }>();
      classes.set(of, hours);
      const hour = Math.floor(decidedAt / HOUR_SECONDS);
      const there = hours.get(String(hour));
      const isSmall = Math.max(1, hours.get(String(hour - 1))?.leaves ?? 0) < smallestClass;
      const per = there?.per ?? (isSmall ? 'day' : 'hour');
      hours.set(String(hour), { leaves: (there?.leaves ?? 0) + 1, per });
      return per;
    },
    kept: (now) => {
      const oldest = now / HOUR_SECONDS - KEPT_HOURS;
      const living = [...classes].map(([of, hours]) => {
        const kept = [...hours].filter(([hour]) => Number(hour) >= oldest);
        return [of, Object.fromEntries(kept)] as const;
      });
      return Object.fromEntries(living.filter(([, hours]) => Object.keys(hours).length > 0));
    },
  };
}

import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { InstantText } from '@symbolon/protocol/schemas/common';
import { DecisionMode } from '@symbolon/protocol/schemas/leaf';
import * as z from 'zod/mini';

/** Old classes of one day or week (from Monday on), put together when each had been judged: their hours and their approvers are not told apart any more. */
export const Folded = z.object({
  region: z.string(),
  scheme: z.string(),
  level: z.string(),
  rule: z.string(),
  authority: z.string(),
  mode: DecisionMode,
  /** For the person, by what was published in their hour or day. */
  isWorse: z.boolean(),
  at: InstantText,
  per: z.enum(['day', 'week']),
  count: z.int(),
  /** Index of the first leaf. */
  first: z.int(),
});
export type Folded = z.output<typeof Folded>;

export const UnusualRate = z.object({
  region: z.string(),
  scheme: z.string(),
  rule: z.string(),
  authority: z.string(),
  /** First second of the day. */
  day: z.int(),
  count: z.int(),
  /** Median of the days before. */
  usual: z.number(),
});
export type UnusualRate = z.output<typeof UnusualRate>;

/** A burst that was told: windows of this kind that begin up to then are the same one. */
export const ToldBurst = z.object({ cause: z.string(), window: z.string(), until: InstantText });
export type ToldBurst = z.output<typeof ToldBurst>;

export interface FoldState {
  /** What is from before is folded, and windows of bursts that begin before are judged. Nothing while nothing is folded. */
  readonly since: Instant | undefined;
  /** What is from before is folded into weeks, and the days up to `RATE_DAYS` after are rated. */
  readonly daysFrom: Instant | undefined;
  readonly rows: readonly Folded[];
  /** Those that a window that is not judged yet can be part of. */
  readonly told: readonly ToldBurst[];
  /** Of the days that are rated: the last `MOST_UNUSUAL`. */
  readonly unusual: readonly UnusualRate[];
  /** Leaves that came when their time was folded: no window and no day counts them. */
  readonly late: number;
  /** Leaves of rows for which there was no room: of days, so that no day counts them; and in all. */
  readonly unrated: number;
  readonly uncharted: number;
}

export const NOTHING_FOLDED: FoldState = {
  since: undefined,
  daysFrom: undefined,
  rows: [],
  told: [],
  unusual: [],
  late: 0,
  unrated: 0,
  uncharted: 0,
};

/** Days before, which a day is compared with. */
export const RATE_DAYS = 14;
/** Days on which rates were unusual, that are remembered one by one. */
export const MOST_UNUSUAL = 1000;

/** The first second that is not rated yet. */
export function ratedUntil({ daysFrom }: Pick<FoldState, 'daysFrom'>): number {
  return daysFrom === undefined ? 0 : daysFrom + RATE_DAYS * DAY_SECONDS;
}

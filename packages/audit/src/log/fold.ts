import { addSeconds, DAY_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { type Class, PER_SECONDS } from './class.ts';
import { type Folded, type FoldState, MOST_UNUSUAL, RATE_DAYS, ratedUntil } from './folded.ts';
import type { Judge } from './judge.ts';

/** Rows at most. */
export interface FoldBounds {
  readonly days: number;
  readonly weeks: number;
}

/** How many days stay days. The first is what a chart by days shows; the second is what rates and late leaves need at least. */
const KEPT_DAYS = [190, RATE_DAYS + 7] as const;
/** 1970 began on a Thursday. */
const MONDAY = 4 * DAY_SECONDS;

/** Old classes, put together into days, and old days into weeks. */
export interface Fold {
  /** @param gone classes from before `since` @param all these, and the younger ones @param began when the log began */
  take(gone: readonly Class[], all: readonly Class[], since: Instant, began: Instant): void;
  late(): void;
  since(): Instant | undefined;
  state(): FoldState;
}

export function openFold(before: FoldState, judge: Judge | undefined, bounds: FoldBounds): Fold {
  const days = new Map<string, Folded>();
  const weeks = new Map<string, Folded>();
  for (const row of before.rows) put(row.per === 'day' ? days : weeks, row);
  let { since, daysFrom, told, unusual, late, unrated, uncharted } = before;

  /** Days from before `until` become weeks, once the days that need them to be rated are. */
  const foldDays = (by: Judge, until: Instant, began: Instant) => {
    const rated = { from: ratedUntil({ daysFrom }), until: ratedUntil({ daysFrom: until }) };
    unusual = [...unusual, ...by.rate([...days.values()], began, rated)].slice(-MOST_UNUSUAL);
    for (const [key, row] of days) {
      if (row.at >= until) continue;
      days.delete(key);
      put(weeks, { ...row, at: mondayFloor(row.at), per: 'week' });
    }
    daysFrom = until;
  };

  return {
    take: (gone, all, to, began) => {
      if (judge === undefined) return;
      told = judge.settle(gone, all, { from: since ?? 0, until: to }, told);
      since = to;
      for (const each of gone) {
        const isOld = daysFrom !== undefined && each.at < daysFrom;
        put(isOld ? weeks : days, rowOf(each, judge.isWorse(each), isOld ? 'week' : 'day'));
      }
      for (const kept of KEPT_DAYS) {
        if (days.size <= bounds.days) break;
        const until = mondayFloor(Math.max(0, to - kept * DAY_SECONDS));
        if (until > (daysFrom ?? 0)) foldDays(judge, until, began);
      }
      const lost = cut(days, bounds.days);
      unrated += lost;
      uncharted += lost + cut(weeks, bounds.weeks);
    },
    late: () => {
      late++;
    },
    since: () => since,
    state: () => ({
      since,
      daysFrom,
      rows: [...days.values(), ...weeks.values()],
      told,
      unusual,
      late,
      unrated,
      uncharted,
    }),
  };
}

function rowOf(
  { region, scheme, level, rule, authority, mode, at, count, first }: Class,
  isWorse: boolean,
  per: Folded['per'],
): Folded {
  const from = per === 'week' ? mondayFloor(at) : instant(at - (at % DAY_SECONDS));
  return { region, scheme, level, rule, authority, mode, isWorse, at: from, per, count, first };
}

/** Rows are never changed in place: whoever has the state of before keeps it. */
function put(to: Map<string, Folded>, row: Folded): void {
  const { region, scheme, level, rule, authority, mode, isWorse, at } = row;
  const key = `${region} ${scheme} ${level} ${rule} ${authority} ${mode} ${isWorse} ${at}`;
  const known = to.get(key);
  if (known === undefined) to.set(key, row);
  else to.set(key, { ...known, count: known.count + row.count, first: Math.min(known.first, row.first) });
}

/** Takes out what came last and is too much. @returns leaves that it stood for */
function cut(rows: Map<string, Folded>, most: number): number {
  let lost = 0;
  for (const [key, { count }] of [...rows].slice(most)) {
    rows.delete(key);
    lost += count;
  }
  return lost;
}

function mondayFloor(at: number): Instant {
  const since = at - MONDAY;
  // The first days of 1970 are a week of their own.
  return since < 0 ? instant(0) : addSeconds(instant(at), -(since % PER_SECONDS.week));
}

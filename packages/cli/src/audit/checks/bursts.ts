import { HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { LIMITS, POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Findings } from '../findings.ts';
import type { NumberedLeaf } from '../log/log-state.ts';
import { type Class, endOf } from '../log/tally.ts';
import { type PastRegistry, pastAt } from '../registry/past.ts';
import { checkReleases } from './releases.ts';
import { isWorse } from './worse.ts';

/** One burst, by all that the log says of it. */
export interface Burst {
  readonly region: string;
  readonly scheme: string;
  readonly cause: string;
  readonly heldAt: Instant;
  readonly state: 'held' | 'released' | 'lapsed';
  /** When it was released or lapsed; nothing while it is held. */
  readonly settledAt: Instant | undefined;
  readonly by: readonly string[];
  readonly rules: readonly string[];
  /** Index of its newest leaf. */
  readonly leaf: number;
}

/** The bursts of a log, oldest first. */
export function burstsOf(others: readonly NumberedLeaf[]): readonly Burst[] {
  const bursts = new Map<string, Burst>();
  for (const { index, leaf } of others) {
    if (leaf.kind !== 'burst') continue;
    const { region, scheme, cause, heldAt, state, at, by = [], rules = [] } = leaf;
    const key = `${region} ${scheme} ${cause} ${heldAt}`;
    const isSettled = state !== 'held';
    if (!isSettled && bursts.has(key)) continue;
    const settledAt = isSettled ? at : undefined;
    bursts.set(key, { region, scheme, cause, heldAt, state, settledAt, by, rules, leaf: index });
  }
  return [...bursts.values()].toSorted((a, b) => a.heldAt - b.heldAt);
}

const WINDOWS = [
  ['perHour', 1],
  ['perDay', 24],
  ['perWeek', 168],
] as const;

/**
 * REQ-AUD-001, REQ-AUD-007: what was decided for the worse by one rule or one office, against what the federation allows. As the guard does, a window of n hours takes n + 1 hours of the clock;
 * leaves that say the day only are counted by days of the calendar; and where this auditor saw closely when they came into the log, by that hour, too. What is found by that is a warning, as a log
 * that stood still takes in much at once. A rule version that was released is not counted from then on: a leaf can be from any time of its hour or day.
 *
 * @param now what is held longer than a burst can be is lapsed, whether or not a leaf says so yet
 */
export function checkBursts(
  classes: readonly Class[],
  others: readonly NumberedLeaf[],
  past: PastRegistry,
  now: Instant,
  findings: Findings,
): readonly Burst[] {
  const bursts = burstsOf(others);
  const releasedAt = checkReleases(others, past, findings);
  const hours = new Map<string, Map<number, number>>();
  const days = new Map<string, Map<number, number>>();
  /** Those that say the hour, and those that say the day by the hour in which they came. */
  const seen = new Map<string, Map<number, number>>();
  const told = new Set<string>();
  const add = (to: Map<string, Map<number, number>>, key: string, at: number, count: number) => {
    const counts = to.get(key) ?? new Map<number, number>();
    counts.set(at, (counts.get(at) ?? 0) + count);
    to.set(key, counts);
  };
  for (const each of classes) {
    const { region, scheme, rule, authority, at, per, count } = each;
    const hour = per === 'hour' ? Math.floor(at / HOUR_SECONDS) : each.seen;
    const released = releasedAt.get(`${region} ${scheme} ${rule}`);
    if (!isWorse(past, each) || (released !== undefined && endOf(each) > released)) continue;
    for (const cause of [`rule:${rule}`, `authority:${authority}`]) {
      const key = `${region} ${scheme} ${cause}`;
      if (per === 'hour') add(hours, key, Math.floor(at / HOUR_SECONDS), count);
      if (hour !== undefined) add(seen, key, hour, count);
      add(days, key, Math.floor(at / HOUR_SECONDS / 24), count);
    }
  }
  for (const [key, counts] of hours)
    for (const [name, window] of WINDOWS) tellExcess(key, counts, name, window + 1, HOUR_SECONDS, 'failed');
  for (const [key, counts] of days) {
    tellExcess(key, counts, 'perDay', 1, 24 * HOUR_SECONDS, 'failed');
    tellExcess(key, counts, 'perWeek', 7, 24 * HOUR_SECONDS, 'failed');
  }
  for (const [key, counts] of seen) {
    if (told.has(key)) continue;
    // What came within an hour of the clock was decided in that one or the one before: as many as the guard takes.
    for (const [name, window] of WINDOWS) tellExcess(key, counts, name, window, HOUR_SECONDS, 'warning');
  }
  for (const { region, scheme, cause, state, heldAt } of bursts) {
    if (state === 'held' && now < heldAt + LIMITS.burstHoldHours * HOUR_SECONDS)
      findings.add('bursts', 'warning', 'burst-held', `${region} ${scheme} ${cause}, ${timeOf(heldAt)}`);
  }
  return bursts;

  function tellExcess(
    key: string,
    counts: ReadonlyMap<number, number>,
    name: keyof typeof POLICY_DEFAULTS.burst,
    width: number,
    unit: number,
    verdict: 'failed' | 'warning',
  ): void {
    const times = [...counts.keys()].toSorted((a, b) => a - b);
    let [sum, first, toldUntil] = [0, 0, -1];
    for (const time of times) {
      sum += counts.get(time) ?? 0;
      for (let left = times[first]; left !== undefined && left <= time - width; left = times[first]) {
        sum -= counts.get(left) ?? 0;
        first++;
      }
      const begin = times[first] ?? time;
      if (sum <= boundOf(past, name, begin * unit, (time + 1) * unit) || begin <= toldUntil) continue;
      // One window that overlaps another one is the same burst.
      toldUntil = time;
      told.add(key);
      findings.add('bursts', verdict, 'burst-unheld', `${key}: ${sum} ${name} from ${timeOf(begin * unit)}`);
    }
  }
}

/** The federation may have changed it within the window: the higher one counts. */
function boundOf(
  past: PastRegistry,
  name: keyof typeof POLICY_DEFAULTS.burst,
  from: number,
  to: number,
): number {
  const at = (time: number) => limitsOf(pastAt(past, time)?.federation)[name];
  return Math.max(at(from), at(to));
}

function limitsOf(federation: Federation | undefined) {
  return federation?.burst ?? POLICY_DEFAULTS.burst;
}

function timeOf(seconds: number): string {
  return new Date(instant(seconds) * 1000).toISOString().slice(0, 16).concat('Z');
}

import { HOUR_SECONDS, instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Findings } from '../findings.ts';
import { type Class, endOf } from '../log/class.ts';
import { type PastRegistry, pastAt } from '../registry/past.ts';
import { isWorse } from './worse.ts';

type Bound = keyof typeof POLICY_DEFAULTS.burst;
/** How many decisions, by cause (`<region> <scheme> rule:<rule>`) and hour or day since 1970. */
type Counts = Map<string, Map<number, number>>;

const WINDOWS = [
  ['perHour', 1],
  ['perDay', 24],
  ['perWeek', 168],
] as const;
const DAY_HOURS = 24;

/**
 * REQ-AUD-001: what was decided for the worse by one rule or one office, against what the federation allows. As the guard does, a window of n hours takes n + 1 hours of the clock;
 * leaves that say the day only are counted by days of the calendar; and where this auditor saw closely when they came into the log, by that hour, too. What is found by that is a warning, as a log
 * that stood still takes in much at once. A rule version that was released is not counted from then on: a leaf can be from any time of its hour or day.
 *
 * @param releasedAt by `<region> <scheme> <rule>`
 */
export function checkExcesses(
  classes: readonly Class[],
  releasedAt: ReadonlyMap<string, number>,
  past: PastRegistry,
  findings: Findings,
): void {
  const { hours, days, seen } = countsOf(classes, releasedAt, past);
  const failed = new Set<string>();

  const tell = (
    cause: string,
    counts: ReadonlyMap<number, number>,
    name: Bound,
    width: number,
    unit: number,
    verdict: 'failed' | 'warning',
  ) => {
    const times = [...counts.keys()].toSorted((a, b) => a - b);
    let [sum, first, toldUntil] = [0, 0, -1];
    for (const time of times) {
      sum += counts.get(time) ?? 0;
      for (let left = times[first]; left !== undefined && left <= time - width; left = times[first]) {
        sum -= counts.get(left) ?? 0;
        first++;
      }
      const from = times[first] ?? time;
      if (sum <= boundOf(past, name, from * unit, (time + 1) * unit) || from <= toldUntil) continue;
      // One window that overlaps another one is the same burst.
      toldUntil = time;
      if (verdict === 'failed') failed.add(cause);
      findings.add('bursts', verdict, 'burst-unheld', `${cause}: ${sum} ${name} from ${timeOf(from * unit)}`);
    }
  };

  for (const [cause, counts] of hours)
    for (const [name, window] of WINDOWS) tell(cause, counts, name, window + 1, HOUR_SECONDS, 'failed');
  for (const [cause, counts] of days) {
    tell(cause, counts, 'perDay', 1, DAY_HOURS * HOUR_SECONDS, 'failed');
    tell(cause, counts, 'perWeek', 7, DAY_HOURS * HOUR_SECONDS, 'failed');
  }
  for (const [cause, counts] of seen) {
    if (failed.has(cause)) continue;
    // What came within an hour of the clock was decided in that one or the one before: as many as the guard takes.
    for (const [name, window] of WINDOWS) tell(cause, counts, name, window, HOUR_SECONDS, 'warning');
  }
}

/**
 * `seen`: of those that say the hour, and those that say the day by the hour in which they came; and of all these, those by which a status goes on in another one's name, which the guard
 * does not count (docs/adr/0019): so an honest region is not accused, and a crowd that is merged into one person who is red calls for a closer look.
 */
function countsOf(
  classes: readonly Class[],
  releasedAt: ReadonlyMap<string, number>,
  past: PastRegistry,
): Record<'hours' | 'days' | 'seen', Counts> {
  const counts = { hours: new Map(), days: new Map(), seen: new Map() };
  for (const each of classes) {
    const { region, scheme, rule, authority, mode, at, per, count } = each;
    const ownHour = Math.floor(at / HOUR_SECONDS);
    const hour = per === 'hour' ? ownHour : each.seen;
    const released = releasedAt.get(`${region} ${scheme} ${rule}`);
    if (!isWorse(past, each) || (released !== undefined && endOf(each) > released)) continue;
    for (const word of [`rule:${rule}`, `authority:${authority}`]) {
      const cause = `${region} ${scheme} ${word}`;
      if (hour !== undefined) add(counts.seen, cause, hour, count);
      if (mode === 'merged') continue;
      if (per === 'hour') add(counts.hours, cause, ownHour, count);
      add(counts.days, cause, Math.floor(ownHour / DAY_HOURS), count);
    }
  }
  return counts;
}

function add(to: Counts, cause: string, at: number, count: number): void {
  const counts = to.get(cause) ?? new Map<number, number>();
  counts.set(at, (counts.get(at) ?? 0) + count);
  to.set(cause, counts);
}

/** The federation may have changed it within the window: the higher one counts. */
function boundOf(past: PastRegistry, name: Bound, from: number, to: number): number {
  const at = (time: number) => limitsOf(pastAt(past, time)?.federation)[name];
  return Math.max(at(from), at(to));
}

function limitsOf(federation: Federation | undefined) {
  return federation?.burst ?? POLICY_DEFAULTS.burst;
}

export function timeOf(seconds: number): string {
  return new Date(instant(seconds) * 1000).toISOString().slice(0, 16).concat('Z');
}

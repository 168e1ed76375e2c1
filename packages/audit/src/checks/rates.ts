import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { Findings } from '../findings.ts';

/** Days before, which a day is compared with. */
const PAST_DAYS = 14;
/** With fewer days to compare with nothing is said. */
const FEWEST_DAYS = 7;
/** Fewer than that in a day are never pointed out. */
const FEWEST_DECISIONS = 8;
/** A rate of less than one a day is taken for one: nobody's usual rate is known to be nothing. */
const LEAST_RATE = 1;
/** So unlikely a count is pointed out: one in a million days that are as usual. With 10,000 rules and offices that is one in a hundred days. */
const UNLIKELY = 1e-6;

/** Decisions of one rule and office on one day, or a part of it. */
export interface RatedDecisions {
  readonly region: string;
  readonly scheme: string;
  readonly rule: string;
  readonly authority: string;
  readonly at: Instant;
  readonly count: number;
  readonly isWorse: boolean;
}

export interface UnusualRate extends Omit<RatedDecisions, 'at' | 'isWorse'> {
  /** First second of the day. */
  readonly day: number;
  /** Median of the days before. */
  readonly usual: number;
}

/**
 * REQ-AUD-003: days on which one office decided for the worse by one rule far more often than it did. The count of a day is held against the median of the 14 days before: if decisions came
 * independently at that rate, so many or more would come with a probability below one in a million (the upper tail of a Poisson distribution).
 *
 * What it does not see: a rate that grows slowly, one that was high from the beginning (fewer than 7 days are no past), a rule that is new each time. What it sees may be a true outbreak, as
 * infections do not come independently. It says where to ask, and not that something is wrong.
 *
 * @param decisions all of a log: it began with the first of them
 */
export function checkRates(decisions: readonly RatedDecisions[], findings: Findings): readonly UnusualRate[] {
  const firstDay = decisions.reduce((first, { at }) => Math.min(first, dayOf(at)), Number.POSITIVE_INFINITY);
  const counts = new Map<string, { of: RatedDecisions; days: Map<number, number> }>();
  for (const each of decisions) {
    if (!each.isWorse) continue;
    const key = `${each.region} ${each.scheme} ${each.rule} ${each.authority}`;
    const known = counts.get(key) ?? { of: each, days: new Map<number, number>() };
    known.days.set(dayOf(each.at), (known.days.get(dayOf(each.at)) ?? 0) + each.count);
    counts.set(key, known);
  }
  const unusual: UnusualRate[] = [];
  for (const { of, days } of counts.values()) {
    for (const [day, count] of [...days].toSorted(([a], [b]) => a - b)) {
      const from = Math.max(firstDay, day - PAST_DAYS);
      if (day - from < FEWEST_DAYS || count < FEWEST_DECISIONS) continue;
      const before = Array.from({ length: day - from }, (_, i) => days.get(from + i) ?? 0);
      const usual = medianOf(before);
      // Few are never unusual.
      if (count <= usual) continue;
      if (poissonTail(count, Math.max(usual, LEAST_RATE)) >= UNLIKELY) continue;
      const { region, scheme, rule, authority } = of;
      unusual.push({ region, scheme, rule, authority, day: day * DAY_SECONDS, count, usual });
      const date = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
      findings.add(
        'rates',
        'warning',
        'rate-unusual',
        `${region} ${scheme} ${rule} ${authority}: ${count} on ${date}, usually ${usual}`,
      );
    }
  }
  return unusual;
}

/** Logarithms below that are of numbers that a double cannot hold in full. */
const SMALLEST_LOG = -700;

/** P(X >= count) for a Poisson distribution of this rate, summed upwards: small tails stay exact. */
export function poissonTail(count: number, rate: number): number {
  if (count <= 0) return 1;
  let logTerm = -rate;
  for (let k = 1; k <= count; k++) logTerm += Math.log(rate / k);
  // Too small for a number: far below the rate nearly all lies above.
  if (logTerm < SMALLEST_LOG && count < rate) return 1;
  let term = Math.exp(logTerm);
  let sum = 0;
  for (let k = count + 1; term > sum * 1e-17 || k <= rate; k++) {
    sum += term;
    term *= rate / k;
    if (term === 0) break;
  }
  return Math.min(1, sum);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_SECONDS);
}

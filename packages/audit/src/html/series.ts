import { DAY_SECONDS, HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { DecisionRow } from '../report/report.ts';

/** How long a bar is: as short as there is room for. */
export interface Scale {
  readonly unit: 'hour' | 'day' | 'week';
  readonly seconds: number;
  /** First second of the first bar, and how many bars there are. */
  readonly from: number;
  readonly bars: number;
}

const UNITS = [
  { unit: 'hour', seconds: HOUR_SECONDS, most: 96 },
  { unit: 'day', seconds: DAY_SECONDS, most: 190 },
  { unit: 'week', seconds: 7 * DAY_SECONDS, most: Number.POSITIVE_INFINITY },
] as const;
/** 1970 began on a Thursday. */
const MONDAY = 4 * DAY_SECONDS;

export function scaleOf(decisions: readonly DecisionRow[]): Scale | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { at } of decisions) [first, last] = [Math.min(first, at), Math.max(last, at)];
  for (const { unit, seconds, most } of UNITS) {
    const shift = unit === 'week' ? MONDAY : 0;
    const from = Math.floor((first - shift) / seconds) * seconds + shift;
    const bars = Math.floor((last - from) / seconds) + 1;
    if (bars <= most) return { unit, seconds, from, bars };
  }
  return undefined;
}

/** One colour of a chart: a count for each bar. */
export interface Series {
  readonly name: string;
  readonly counts: readonly number[];
  readonly total: number;
}

/** What there is no room for is put together. */
const MOST_SERIES = 7;
export const REST = 'others';

/** Decisions by what `nameOf` says of them, the most frequent first. */
export function seriesOf(
  decisions: readonly DecisionRow[],
  { from, seconds, bars }: Scale,
  nameOf: (decision: DecisionRow) => string,
): readonly Series[] {
  const totals = new Map<string, number>();
  for (const each of decisions) {
    const name = nameOf(each);
    totals.set(name, (totals.get(name) ?? 0) + each.count);
  }
  const all = [...totals].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const isCut = all.length > MOST_SERIES;
  const drawn = new Map(
    all
      .slice(0, isCut ? MOST_SERIES - 1 : MOST_SERIES)
      .map(([name, total]) => [name, { name, counts: new Array<number>(bars).fill(0), total }]),
  );
  const rest = { name: REST, counts: new Array<number>(bars).fill(0), total: 0 };
  for (const each of decisions) {
    const series = drawn.get(nameOf(each)) ?? rest;
    const bar = Math.floor((each.at - from) / seconds);
    series.counts[bar] = (series.counts[bar] ?? 0) + each.count;
    if (series === rest) rest.total += each.count;
  }
  return isCut ? [...drawn.values(), rest] : [...drawn.values()];
}

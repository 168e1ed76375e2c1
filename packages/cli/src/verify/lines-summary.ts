import { howMany } from '../output/how-many.ts';
import type { LineOutcome } from './judge-lines.ts';
import type { LineCounts } from './line-counts.ts';

const OUTCOMES = ['accepted', 'referred', 'refused', 'unreadable'] as const satisfies readonly LineOutcome[];

export interface LinesRunEnd {
  readonly counts: LineCounts;
  readonly seconds: number;
  /** Whether every line was judged. */
  readonly complete: boolean;
}

/** A run for people: how many of each, how fast, and why not. */
export function summaryText({ counts, seconds, complete }: LinesRunEnd): string {
  const stopped = complete ? '' : 'Stopped before the end: ';
  const blank = counts.blank === 0 ? '' : ` and ${counts.blank} blank`;
  const why = OUTCOMES.flatMap((outcome) =>
    counts.why(outcome).map(([code, count]) => `  ${outcome} ${code}: ${count}`),
  );
  return [
    `${stopped}${howMany(counts.all, 'line')}${blank}, in ${seconds.toFixed(1)} s, ${rateOf(counts, seconds)} a second: ${countsText(counts)}`,
    ...why,
    ...(counts.forgotten === 0
      ? []
      : [`  ${counts.forgotten} were too many to remember: a later copy of one of these was not noticed`]),
  ].join('\n');
}

/** `12 accepted, 0 referred, 1 refused, 0 unreadable` */
export function countsText({ of }: LineCounts): string {
  return OUTCOMES.map((outcome) => `${of[outcome]} ${outcome}`).join(', ');
}

export function rateOf({ all }: LineCounts, seconds: number): number {
  return seconds > 0 ? Math.round(all / seconds) : 0;
}

/** The same for machines. */
export function summaryJson({ counts, seconds, complete }: LinesRunEnd): object {
  const why = (outcome: LineOutcome) => Object.fromEntries(counts.why(outcome));
  return {
    lines: counts.all,
    blank: counts.blank,
    ...counts.of,
    why: { referred: why('referred'), refused: why('refused'), unreadable: why('unreadable') },
    forgotten: counts.forgotten,
    seconds: Number(seconds.toFixed(3)),
    rate: rateOf(counts, seconds),
    complete,
  };
}

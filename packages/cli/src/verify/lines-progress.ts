import { liveLine } from '../output/terminal.ts';
import type { LineCounts } from './line-counts.ts';
import { countsText, rateOf } from './lines-summary.ts';

/** So that a terminal far away is not what is waited for. */
const BETWEEN_MILLISECONDS = 200;

export interface LinesProgress {
  update(counts: LineCounts, received: number): void;
  /** Before something else is printed on the same terminal, and at the end. */
  clear(): void;
}

/**
 * How far it has come, how fast, and for how much longer where the size is known: on a terminal only.
 *
 * @param clock in milliseconds
 */
export function linesProgress(size: number | undefined, clock: () => number): LinesProgress {
  const line = liveLine();
  const began = clock();
  let shown = began;
  return {
    update: (counts, received) => {
      const now = clock();
      if (now - shown < BETWEEN_MILLISECONDS) return;
      shown = now;
      line.show(progressText(counts, (now - began) / 1000, size === undefined ? undefined : received / size));
    },
    clear: line.done,
  };
}

/** @param share of the input that was judged, where that is known */
export function progressText(counts: LineCounts, seconds: number, share: number | undefined): string {
  const left = share === undefined || share <= 0 ? '' : `, ${timeText((seconds * (1 - share)) / share)} left`;
  return `${counts.all} lines, ${rateOf(counts, seconds)}/s${left}: ${countsText(counts)}`;
}

/** `4 min 10 s` */
function timeText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

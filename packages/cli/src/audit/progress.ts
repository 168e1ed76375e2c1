import { liveLine } from '../output/terminal.ts';

/** So that a terminal far away is not what is waited for. */
const BETWEEN_MILLISECONDS = 200;

/** How far a log is read, how fast, and for how much longer: on a terminal only. @param clock in milliseconds */
export function auditProgress(clock: () => number): {
  update(origin: string, done: number, all: number): void;
  clear(): void;
} {
  const line = liveLine();
  let shown = clock();
  let began: { readonly origin: string; readonly at: number; readonly done: number } | undefined;
  return {
    update: (origin, done, all) => {
      const now = clock();
      // What was read by an earlier run says nothing of how fast this one is.
      if (began?.origin !== origin) began = { origin, at: now, done };
      if (now - shown < BETWEEN_MILLISECONDS) return;
      shown = now;
      line.show(progressText(origin, done, all, (done - began.done) / ((now - began.at) / 1000)));
    },
    clear: line.done,
  };
}

/** @param rate leaves in a second */
export function progressText(origin: string, done: number, all: number, rate: number): string {
  const isKnown = Number.isFinite(rate) && rate > 0;
  const left = isKnown ? `, ${Math.round(rate)}/s, ${Math.ceil((all - done) / rate)} s left` : '';
  return `${origin} ${done}/${all} leaves${left}`;
}

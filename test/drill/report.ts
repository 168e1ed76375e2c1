import type { DrillResult } from './drill.ts';
import { labelOf } from './outcome.ts';
import type { Property } from './properties.ts';
import type { Sweep } from './sweep.ts';

/** The figures of a drill, as text. */
export function reportOf(
  { tally, counts, missed }: DrillResult,
  sweeps: readonly Sweep[],
  properties: readonly Property[],
): string {
  const { attack } = tally;
  const totals = [...tally.totals()];
  const verifications = totals.reduce((sum, [, count]) => sum + count, 0);
  return [
    'Fresh, honest credentials',
    table([['verifications', verifications], ...totals]),
    'A stolen issuing key',
    table([
      ['credentials shown', attack.shown],
      ['accepted before the revocation', attack.acceptedBefore],
      ['accepted later, last refresh before it', attack.acceptedByOlder],
      ['  the last of them, hours after it', attack.lastByOlder],
      ['accepted later, last refresh since it', attack.acceptedByUpToDate],
      ['  the last of them, hours after it', attack.lastByUpToDate],
      ['refused', attack.refused],
    ]),
    'The registry',
    table([
      ['publications with new content', counts.contentPublications],
      ['timestamps', counts.timestamps],
      ['keys made', counts.keysMade],
      ['keys retired', counts.keysRetired],
    ]),
    'One missed signing, against the same hours without it',
    table([
      ['verifications compared', missed.compared],
      ['other outcomes', missed.changed.length],
      ['accepted with a warning more', missed.warnedMore],
    ]),
    ...sweeps.flatMap(({ title, bands }) => [
      `One bundle, and the clock runs on: ${title}`,
      bands.map((band) => `  from ${pad(band.from)} h  ${labelOf(band)}`).join('\n'),
    ]),
    'Properties',
    properties.map(lineOf).join('\n'),
  ].join('\n');
}

function table(rows: readonly (readonly [name: string, count: number])[]): string {
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, count]) => `  ${name.padEnd(widest)}  ${grouped(count).padStart(11)}`).join('\n');
}

/** 2160000 -> 2,160,000 */
function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function pad(hour: number): string {
  return String(hour).padStart(3);
}

function lineOf({ title, holds, counterexamples }: Property): string {
  return [
    `  ${holds ? 'holds ' : 'BROKEN'}  ${title}`,
    ...counterexamples.map((each) => `            ${each}`),
  ].join('\n');
}

import { grouped } from '../support/grouped.ts';
import type { LoadResult } from './load.ts';

const HEAD = ['subjects', 'step', 'of', 'CPU s', 's', 'per CPU s', 'us of CPU each'];

/** The figures of all runs, as text. */
export function reportOf(results: readonly LoadResult[]): string {
  const rows = results.flatMap(({ people, steps }) =>
    steps.map(({ step, of, cpu, wall }) => [
      grouped(people),
      step,
      `${grouped(of)} ${UNITS[step]}`,
      cpu.toFixed(2),
      wall.toFixed(2),
      grouped(of / cpu),
      grouped((cpu / of) * 1e6),
    ]),
  );
  return [table([HEAD, ...rows]), '', ...results.map(memoryOf), ...results.map(outcomeOf)].join('\n');
}

const UNITS = {
  enrol: 'people',
  'take in': 'people',
  mint: 'credentials',
  reevaluate: 'people',
  publish: 'lists',
} as const;

function memoryOf({ people, storeBytes, peakBytes }: LoadResult): string {
  const each = grouped(storeBytes / people);
  return `${grouped(people)} subjects: the stores hold ${megabytes(storeBytes)} MB (${each} bytes each), the process had up to ${megabytes(peakBytes)} MB`;
}

function outcomeOf({ people, facts, changed, faults }: LoadResult): string {
  if (faults.length > 0)
    return `${grouped(people)} subjects: WRONG\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return `${grouped(people)} subjects: ${grouped(facts)} facts, ${grouped(changed)} other levels by the new rules; everyone has the decision that they must have`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = (cell: string, column: number) =>
    column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(aligned).join('  ')).join('\n');
}

function megabytes(bytes: number): string {
  return grouped(bytes / 1e6);
}

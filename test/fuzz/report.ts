import type { Tally } from './campaign.ts';

/** What came of one target, for people. */
export function summaryOf(
  target: string,
  { mutants, unchanged, lessened, refused, failures }: Tally,
): string {
  const codes = [...refused].sort(([, a], [, b]) => b - a);
  const all = codes.reduce((sum, [, count]) => sum + count, 0);
  const width = String(mutants).length;
  const line = (count: number, what: string) => `  ${String(count).padStart(width)}  ${what}`;
  return [
    `${target}: ${mutants} mutants`,
    line(unchanged, 'unchanged'),
    ...(lessened === 0 ? [] : [line(lessened, 'less, and nothing else')]),
    line(all, `refused, with ${codes.length} codes`),
    ...codes.map(([code, count]) => line(count, `  ${code}`)),
    line(failures.length, 'failed'),
  ].join('\n');
}

import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { drawOutcomes } from './charts/outcomes-chart.ts';
import { drawSweeps } from './charts/sweep-chart.ts';
import { type DrillResult, runDrill } from './drill.ts';
import { type RunOptions, readOptions, USAGE, UsageError } from './options.ts';
import { propertiesOf } from './properties.ts';
import { reportOf } from './report.ts';
import { runSweep, SWEEPS, type Sweep } from './sweep.ts';

/** `npm run drill`. */

const EXIT_BROKEN = 1;
const EXIT_USAGE = 64;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return say(USAGE);
  const sweeps: Sweep[] = [];
  for (const each of SWEEPS) sweeps.push(await runSweep(each));
  const result = await runDrill({ ...options, progress: showProgress });
  const properties = propertiesOf(result, sweeps);
  say(reportOf(result, sweeps, properties));
  for (const path of await draw(options, result, sweeps)) say(`Drawn: ${path}`);
  if (!properties.every(({ holds }) => holds)) process.exitCode = EXIT_BROKEN;
}

async function draw(options: RunOptions, { schedule, tally }: DrillResult, sweeps: readonly Sweep[]) {
  const { provinces, cities, days, verifiers } = options;
  const folder = options.out ?? (await mkdtemp(join(tmpdir(), 'symbolon-drill-')));
  await mkdir(folder, { recursive: true });
  const size = `${provinces} provinces and ${cities} cities, ${days} days`;
  const title = `What fresh credentials came to: ${size}, ${verifiers} verifications an hour`;
  const drawings = [
    [join(folder, 'outcomes.svg'), drawOutcomes({ title, schedule, days: tally.days })],
    [join(folder, 'freshness.svg'), drawSweeps(sweeps)],
  ] as const;
  for (const [path, content] of drawings) await writeFile(path, content);
  return drawings.map(([path]) => path);
}

/** Every day on a terminal, and every ten days in a log. */
function showProgress(day: number, days: number): void {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${day === days ? '' : `day ${day} of ${days}`}`);
  else if (day % 10 === 0 || day === days) stderr.write(`day ${day} of ${days}\n`);
}

function say(text: string): void {
  stdout.write(`${text}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  stderr.write(`${error.message}\nMore: npm run drill -- --help\n`);
  process.exitCode = EXIT_USAGE;
}

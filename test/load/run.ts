import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { drawGrowth } from './growth-chart.ts';
import type { LoadResult } from './load.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { reportOf } from './report.ts';
import { runInChild } from './run-child.ts';

/** `npm run load`. Standard output holds the report and nothing else. */

const EXIT_WRONG = 1;
const EXIT_USAGE = 64;
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return say(USAGE);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const results: LoadResult[] = [];
  for (const subjects of options.subjects) {
    const result = await runInChild(subjects, interrupt.signal);
    if (result === undefined) break;
    results.push(result);
  }
  if (interrupt.signal.aborted) process.exitCode = EXIT_INTERRUPTED;
  else if (results.some(({ faults }) => faults.length > 0)) process.exitCode = EXIT_WRONG;
  if (results.length === 0) return;
  const drawing = await draw(results, options.out);
  say(
    options.json ? JSON.stringify({ results, drawing }, null, 2) : `${reportOf(results)}\nDrawn: ${drawing}`,
  );
}

async function draw(results: readonly LoadResult[], out: string | undefined): Promise<string> {
  const folder = out ?? (await mkdtemp(join(tmpdir(), 'symbolon-load-')));
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'load.svg');
  await writeFile(path, drawGrowth(results));
  return path;
}

function say(text: string): void {
  stdout.write(`${text}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  stderr.write(`${error.message}\nMore: npm run load -- --help\n`);
  process.exitCode = EXIT_USAGE;
}

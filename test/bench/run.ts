import { stderr, stdout } from 'node:process';
import type { Figure } from './figure.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { jsonReport, tableReport } from './report.ts';
import { SUITES } from './suites/index.ts';

/** `npm run bench`. Standard output holds the report and nothing else. */

const EXIT_USAGE = 64;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return say(USAGE);
  const figures = new Map<string, Figure>();
  for (const name of options.suites) {
    const suite = await SUITES.get(name)?.();
    const measured = await suite?.figures({
      rounds: options.rounds,
      operations: options.operations,
      progress: showProgress,
    });
    for (const [key, figure] of Object.entries(measured ?? {})) figures.set(key, figure);
  }
  clearProgress();
  const all = Object.fromEntries(figures);
  say(options.json ? jsonReport(all) : tableReport(all));
}

function say(text: string): void {
  stdout.write(`${text}\n`);
}

/** On a terminal only: a log does not need it. */
function showProgress(benchmark: string, round: number, rounds: number): void {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${benchmark}: round ${round + 1} of ${rounds}`);
}

function clearProgress(): void {
  if (stderr.isTTY) stderr.write('\r\u001b[K');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  clearProgress();
  if (!(error instanceof UsageError)) throw error;
  stderr.write(`${error.message}\nMore: npm run bench -- --help\n`);
  process.exitCode = EXIT_USAGE;
}

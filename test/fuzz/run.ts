import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage, stderr, stdout } from 'node:process';
import { emptyTally, runOne } from './campaign.ts';
import { installMeter, type Meter } from './meter.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { summaryOf } from './report.ts';
import { readReproducer, reproducerOf } from './reproducer.ts';
import { TARGETS } from './targets/index.ts';

/** `npm run fuzz`. */

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
/** Of one target. More of the same do not tell more. */
const MOST_REPRODUCERS = 50;

/** Which mutant is at work: for the case that a reader does not come back. */
const CURRENT = 'current.txt';
/** What was done until then is told. */
let interrupted = false;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return say(USAGE);
  const meter = installMeter();
  if (options.replay !== undefined) return replay(options.replay, meter);
  const out = options.out ?? mkdtempSync(join(tmpdir(), 'symbolon-fuzz-'));
  mkdirSync(out, { recursive: true });
  let failures = 0;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  for (const name of options.targets) if (!interrupted) failures += await fuzz(name, options, out, meter);
  rmSync(join(out, CURRENT), { force: true });
  say(failures === 0 ? 'The oracle never said no.' : `The oracle said no ${failures} times: ${out}`);
  if (failures === 0 && options.out === undefined) rmSync(out, { recursive: true });
  if (failures > 0) process.exitCode = EXIT_FAILED;
}

/** @returns how many mutants failed */
async function fuzz(
  name: string,
  { seed, seconds, from }: Options,
  out: string,
  meter: Meter,
): Promise<number> {
  const target = await TARGETS.get(name)?.({ meter });
  if (target === undefined) return 0;
  const tally = emptyTally();
  const start = cpuUsage();
  const elapsed = () => {
    const { user, system } = cpuUsage(start);
    return (user + system) / 1e6;
  };
  let told = 0;
  for (let number = from; elapsed() < seconds && !interrupted; number++) {
    // A signal is heard only where the loop of events gets a turn.
    if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    const about = { target: name, seed, number, genuine: [...target.genuine] };
    writeFileSync(join(out, CURRENT), `--seed ${seed} --from ${number} ${name}\n`);
    const failure = await runOne(target, seed, number, tally);
    if (failure !== undefined && tally.failures.length <= MOST_REPRODUCERS) {
      const file = join(out, `${name}-${seed}-${number}.json`);
      writeFileSync(file, reproducerOf({ ...about, why: failure.why }, failure.mutant));
      say(`${file}: ${failure.mutant.how.join(', ')}: ${failure.why}`);
    }
    if (stderr.isTTY && elapsed() - told >= 1) {
      told = elapsed();
      const { mutants, refused, failures } = tally;
      const rate = Math.round(mutants / told);
      stderr.write(
        `\r\u001b[K${name}: ${mutants} mutants, ${rate}/s, ${refused.size} codes, ${failures.length} failed, ${Math.round(told)} of ${seconds} s`,
      );
    }
  }
  if (stderr.isTTY) stderr.write('\r\u001b[K');
  say(summaryOf(name, tally));
  return tally.failures.length;
}

async function replay(file: string, meter: Meter): Promise<void> {
  const { reproducer, mutant } = readFile(file);
  const { target: name, genuine } = reproducer;
  const target = await TARGETS.get(name)?.({ meter, genuine });
  if (target === undefined) throw new UsageError('The reproducer is of no target that there is.');
  const outcome = await target.judge(mutant);
  say(`${name}: ${mutant.how.join(', ')}`);
  if (outcome.kind === 'refused') return say(`refused: ${outcome.code}`);
  if (outcome.kind !== 'failed') return say(outcome.kind);
  say(`failed: ${outcome.why}`);
  process.exitCode = EXIT_FAILED;
}

function readFile(file: string): ReturnType<typeof readReproducer> {
  try {
    return readReproducer(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError('The reproducer cannot be read.');
  }
}

function say(text: string): void {
  stdout.write(`${text}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  stderr.write(`${error.message}\nMore: npm run fuzz -- --help\n`);
  process.exitCode = EXIT_USAGE;
}

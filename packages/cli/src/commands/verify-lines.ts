import { performance } from 'node:perf_hooks';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { policyFor } from '@symbolon/verifier/policy';
import type { Trust } from '@symbolon/verifier/trust';
import { systemNow } from '../clock.ts';
import { watchInterrupts } from '../dev/interrupts.ts';
import { EXIT } from '../exit-code.ts';
import { givenBy } from '../files/file-fault.ts';
import { openInput } from '../files/open-input.ts';
import { pacedOutput } from '../output/paced-output.ts';
import { jsonText, note, print } from '../output/terminal.ts';
import { gatePolicy } from '../policy-option.ts';
import { loadOpenedTrust } from '../trust/load-trust.ts';
import { UsageError } from '../usage-error.ts';
import type { LineOutcome } from '../verify/judge-lines.ts';
import { startLineWorkers } from '../verify/line-workers.ts';
import { linesProgress } from '../verify/lines-progress.ts';
import { summaryJson, summaryText } from '../verify/lines-summary.ts';
import { runLines } from '../verify/run-lines.ts';
import type { VerdictOptions } from './verify-options.ts';

export interface LinesOptions extends VerdictOptions {
  readonly only?: ReadonlySet<LineOutcome>;
  readonly summary?: boolean;
  readonly jobs: number;
  /** Whether a line may say as of when it is judged. */
  readonly lineTimes?: boolean;
}

/** How long a reader that is stuck is waited for, when the run has been interrupted and is over. */
const READER_MILLISECONDS = 1_000;

/** `symbolon verify --lines`: a list of presentations, a line of verdict for each. @returns the exit code */
export async function verifyLines(file: string, options: LinesOptions): Promise<number> {
  if (options.policy === undefined && options.venue === undefined)
    throw new UsageError('With --lines give --policy or --venue: a gate has one policy, whatever is shown.');
  const began = performance.now();
  const now = options.at ?? systemNow();
  const { trust, opening } = await loadOpenedTrust({ ...options, now, warn: note });
  const policy = await gatePolicy(options, trust, now);
  if (policy === undefined) throw new UsageError('A policy is needed.');
  // What cannot be used is told before any line is read.
  policyFor(policy, trust.registry.schemes);
  const { stream, size } = await givenBy('--lines', () => openInput(file));

  if (options.lineTimes) noteOldRegistry(trust, now);

  const { interrupted, isInterrupted } = watchInterrupts({ secondEnds: true });
  const output = pacedOutput(process.stdout, interrupted);
  let stopped = false;
  const stop = Promise.race([interrupted, output.gone]).then(() => {
    stopped = true;
  });
  const workers = startLineWorkers(options.jobs, {
    opening,
    policy,
    now,
    lineTimes: options.lineTimes ?? false,
  });
  const progress = linesProgress(size, () => performance.now());
  try {
    const counts = await runLines({
      input: stream,
      judge: workers.judge,
      jobs: options.jobs,
      only: options.summary ? new Set() : options.only,
      write: async (text) => {
        if (process.stdout.isTTY) progress.clear();
        await output.write(text);
      },
      stop,
      onProgress: progress.update,
    });
    progress.clear();
    const end = { counts, seconds: (performance.now() - began) / 1000, complete: !stopped };
    const text = options.json ? jsonText(summaryJson(end)) : summaryText(end);
    (options.summary ? print : note)(text);
    const isWritten = await output.end();
    if (isInterrupted()) {
      // Keeps no process alive: it only ends one whose output nobody takes.
      setTimeout(() => process.exit(EXIT.interrupted), READER_MILLISECONDS).unref();
      return EXIT.interrupted;
    }
    if (isWritten) return counts.exitCode;
    note('Not every line could be written: what was counted does not tell how all of them were judged.');
    return EXIT.cannotWrite;
  } finally {
    stream.destroy();
    await workers.close();
  }
}

/** As of its own time a line can be accepted by a registry that nobody should rely on today. Whoever reads the verdicts is told. */
function noteOldRegistry({ registry }: Trust, now: Instant): void {
  const hours = Math.floor((now - registry.signedAt) / HOUR_SECONDS);
  if (hours >= registry.federation.freshness.blockAfterHours)
    note(
      `The registry was signed ${hours} hours ago, too long for a verdict of today: with --line-times each line is judged as of its own time.`,
    );
}

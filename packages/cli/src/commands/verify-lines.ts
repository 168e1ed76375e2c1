import { performance } from 'node:perf_hooks';
import { policyFor } from '@symbolon/verifier/policy';
import { systemNow } from '../clock.ts';
import { watchInterrupts } from '../dev/interrupts.ts';
import { EXIT } from '../exit-code.ts';
import { givenBy } from '../files/file-fault.ts';
import { note, print } from '../output/terminal.ts';
import { gatePolicy } from '../policy-option.ts';
import { loadOpenedTrust } from '../trust/load-trust.ts';
import { UsageError } from '../usage-error.ts';
import type { LineOutcome } from '../verify/judge-lines.ts';
import { startLineWorkers } from '../verify/line-workers.ts';
import { linesProgress } from '../verify/lines-progress.ts';
import { summaryJson, summaryText } from '../verify/lines-summary.ts';
import { openInput } from '../verify/open-input.ts';
import { runLines } from '../verify/run-lines.ts';
import { watchReader } from '../verify/watch-reader.ts';
import type { VerdictOptions } from './verify-options.ts';

export interface LinesOptions extends VerdictOptions {
  readonly only?: ReadonlySet<LineOutcome>;
  readonly summary?: boolean;
  readonly jobs: number;
}

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

  const { interrupted, isInterrupted } = watchInterrupts();
  const reader = watchReader(process.stdout);
  let stopped = false;
  const stop = Promise.race([interrupted, reader.gone]).then(() => {
    stopped = true;
  });
  const workers = startLineWorkers(options.jobs, { opening, policy, now });
  const progress = linesProgress(size, () => performance.now());
  try {
    const counts = await runLines({
      input: stream,
      judge: workers.judge,
      jobs: options.jobs,
      only: options.summary ? new Set() : options.only,
      write: async (text) => {
        if (process.stdout.isTTY) progress.clear();
        await reader.write(text);
      },
      stop,
      onProgress: progress.update,
    });
    progress.clear();
    const end = { counts, seconds: (performance.now() - began) / 1000, complete: !stopped };
    const text = options.json ? JSON.stringify(summaryJson(end)) : summaryText(end);
    (options.summary ? print : note)(text);
    return isInterrupted() ? EXIT.interrupted : counts.exitCode;
  } finally {
    stream.destroy();
    await workers.close();
  }
}

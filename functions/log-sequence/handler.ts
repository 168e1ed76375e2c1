import { isSymbolonError, type SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { type LogSequence, logSequence } from './dependencies.ts';
import { logRound, type RoundReport } from './round.ts';
import { newRun } from './run.ts';

/**
 * Rounds of a region's log, one after the other, until the next run is about to start. A round that fails is no reason not to begin the next, which finishes what it had begun; the first
 * failure is thrown at the end, so that somebody sees it. A log that is damaged, or of which others have seen another tree, gets no round more.
 */
export async function keepLog(world: LogSequence, now: Instant): Promise<void> {
  const { clock, pause, roundSeconds, runSeconds } = world;
  const failures: unknown[] = [];
  const silent = new Set<string>();
  const run = newRun(world);
  let last: RoundReport | undefined;
  const roundsAtMost = Math.max(1, Math.floor(runSeconds / roundSeconds));
  for (let [round, at] = [1, now]; ; round++, at = clock()) {
    try {
      last = await logRound(world, at, run);
      tell(world, last);
      for (const name of last.silent) silent.add(name);
      failures.push(...last.failures);
    } catch (error) {
      if (isDamage(error)) {
        world.log('log.damaged', { code: error.code, path: error.path ?? 'unknown' });
        throw error;
      }
      failures.push(error);
    }
    if (round >= roundsAtMost) break;
    await pause(Math.max(0, at + roundSeconds - clock()) * 1000);
    if (clock() >= now + runSeconds) break;
  }
  // Once a run: an alarm counts runs, whatever a second is like.
  for (const witness of silent) world.log('log.witness-silent', { witness });
  if (last !== undefined && last.witnessed < last.size)
    world.log('log.witnesses-too-few', { waiting: last.size - last.witnessed, cosigned: last.cosigned });
  if (failures.length > 0) throw failures[0];
}

function tell({ log }: LogSequence, { size, added, witnessed, settled }: RoundReport): void {
  // A log that nobody adds to is as quiet as it can be.
  if (added > 0 || settled > 0) log('log.round', { size, added, witnessed, settled });
}

function isDamage(error: unknown): error is SymbolonError {
  return isSymbolonError(error) && (error.code === 'log-damaged' || error.code === 'log-fork');
}

export const handler = scheduledFunction(jsonLog('log-sequence'), logSequence, keepLog);

import { isSymbolonError } from '@symbolon/protocol/errors';
import type { DecisionLog, DecisionRef, DecisionStore } from '../ports.ts';
import { failuresOfPeople } from './one-person.ts';

/**
 * A stand-in without a log: it marks a decision as logged, and nothing is logged. There is no leaf, no tree, no receipt, and nobody outside can check what was
 * decided. It keeps the order of things (a decision, its leaf, then credentials) until a log takes its place.
 */
export function standInLog(decisions: DecisionStore): DecisionLog {
  return {
    awaitLeaf: async ({ subject, scheme, sequence }) => decisions.markLogged({ subject, scheme, sequence }),
  };
}

/**
 * REQ-ISS-037: brings decisions into the log that no mint has waited for: a decision is logged whether or not anyone asks for a credential. The queue is a
 * hint, so each decision itself is read before. One that the log has not taken by then stays in the queue.
 *
 * @param limit how many entries of the queue are looked at
 * @param log the stand-in, unless there is a log
 * @returns how many were not logged before, and are now
 * @throws SymbolonError the first error that somebody must see, once all others are logged
 */
export async function drainQueue(
  { decisions }: { readonly decisions: DecisionStore },
  limit: number,
  log: DecisionLog = standInLog(decisions),
): Promise<number> {
  const failures = failuresOfPeople();
  let logged = 0;
  for (const ref of await decisions.pending(limit)) {
    try {
      // Out of the queue, where it should not be any more.
      if (await decisions.isLogged(ref)) await decisions.markLogged(ref);
      else if (await logOne(decisions, ref, log)) logged++;
      failures.none();
    } catch (error) {
      failures.passOver(error);
    }
  }
  failures.throwFirst();
  return logged;
}

async function logOne(decisions: DecisionStore, ref: DecisionRef, log: DecisionLog): Promise<boolean> {
  const all = await decisions.all(ref.subject, ref.scheme);
  const decision = all.find(({ sequence }) => sequence === ref.sequence);
  if (decision === undefined) return false;
  try {
    await log.awaitLeaf(decision);
    return true;
  } catch (error) {
    if (isSymbolonError(error) && error.code === 'decision-unlogged') return false;
    throw error;
  }
}

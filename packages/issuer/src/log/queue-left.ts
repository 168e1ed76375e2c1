import type { Instant } from '@symbolon/protocol/instant';
import { concurrently } from '@symbolon/registry/concurrently';
import { failuresOfPeople } from '../decisions/one-person.ts';
import type { DecisionRef, DecisionStore, JobStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type CurrentLog, forgetLeftLogs, leftLogs } from './left-logs.ts';

export interface QueueLeftPorts {
  readonly decisions: Pick<DecisionStore, 'unwitnessed' | 'find' | 'queueAgain'>;
  readonly jobs: JobStore;
}

/** Those that wait in the current log may come first: where all that are looked at do, so many times as many are. */
const WIDER = 8;

/**
 * REQ-ISS-037: queues worse decisions for the region's log that wait for the witnesses of one that it has left, where nobody will settle them. What has had its effect keeps it, and gets a leaf when
 * somebody asks for a credential by it.
 *
 * What is queued waits for witnesses no more, so the next run goes on with the others. One that cannot be read does not stop it. Two runs at once queue each decision once.
 *
 * @param bounds `decisionsAtMost`: how many of those that wait for witnesses are looked at, oldest first
 * @returns how many were queued by this run
 * @throws SymbolonError the first error that somebody must see, once all others are done
 */
export async function queueLeft(
  { decisions, jobs }: QueueLeftPorts,
  { log, federation }: Publication,
  { decisionsAtMost }: { readonly decisionsAtMost: number },
  now: Instant,
): Promise<number> {
  if (log === undefined || log === 'unknown') return 0;
  const current: CurrentLog = { origin: log.origin, usableHours: federation.freshness.blockAfterHours };
  const left = await leftLogs(jobs, current, now);
  if (left.size === 0) return 0;
  for (const rows of [decisionsAtMost, decisionsAtMost * WIDER]) {
    const waiting = await decisions.unwitnessed(rows);
    const queued = await queueThese(decisions, waiting, left);
    if (queued > 0) return queued;
    if (waiting.length === rows) continue;
    await forgetLeftLogs(jobs, current, now);
    return 0;
  }
  return 0;
}

async function queueThese(
  decisions: QueueLeftPorts['decisions'],
  waiting: readonly DecisionRef[],
  left: ReadonlySet<string>,
): Promise<number> {
  const failures = failuresOfPeople();
  let queued = 0;
  await concurrently(waiting, async (ref) => {
    try {
      if (await queueOne(decisions, ref, left)) queued++;
      failures.none();
    } catch (error) {
      failures.passOver(error);
    }
  });
  failures.throwFirst();
  return queued;
}

async function queueOne(
  decisions: QueueLeftPorts['decisions'],
  ref: DecisionRef,
  left: ReadonlySet<string>,
): Promise<boolean> {
  const stored = await decisions.find(ref);
  // The queue is a hint: it may show one that has had its effect.
  if (stored?.place === undefined || stored.isEffective || !left.has(stored.place.origin)) return false;
  await decisions.queueAgain(stored.decision, stored.place.origin);
  return true;
}

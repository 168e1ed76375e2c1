import type { Instant } from '@symbolon/protocol/instant';
import { concurrently } from '@symbolon/registry/concurrently';
import { failuresOfPeople } from '../decisions/one-person.ts';
import type { DecisionRef, DecisionStore, JobStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type CurrentLog, forgetLeftLogs, leftLogs } from './left-logs.ts';
import { moveCursor, readCursor } from './queue-left-cursor.ts';

export interface QueueLeftPorts {
  readonly decisions: Pick<DecisionStore, 'unwitnessed' | 'find' | 'queueAgain'>;
  readonly jobs: JobStore;
}

/** Those that wait in the current log may come first: where all that are looked at do, so many times as many are. */
const WIDER = 8;
/** So much of the queue is read at most. */
const ROWS_AT_MOST = 32_768;

/**
 * REQ-ISS-037: queues worse decisions for the region's log that wait for the witnesses of one that it has left, where nobody will settle them. What has had its effect keeps it, and gets a leaf when
 * somebody asks for a credential by it.
 *
 * What is queued waits for witnesses no more, so the next run goes on with the others. Where nothing of what was looked at is to be queued, or reading fails for many in a row, the next run looks at those
 * behind, and after the last ones at the first again. One that cannot be read does not stop it. Two runs at once queue each decision once.
 *
 * @param bounds `decisionsAtMost`: how many of those that wait for witnesses are looked at, oldest first; eight times as many where these show nothing to queue
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
  const cursor = await readCursor(jobs);
  const { looked, queued, isHalted, isEnd, failures } = await look(
    decisions,
    cursor.from,
    decisionsAtMost,
    left,
  );
  // What was queued is not there any more: those behind are in its place.
  if (isHalted || (queued === 0 && !isEnd))
    await moveCursor(jobs, cursor, looked < ROWS_AT_MOST ? looked : 0);
  else if (queued === 0 && cursor.from > 0) await moveCursor(jobs, cursor, 0);
  else if (queued === 0 && failures.length === 0) await forgetLeftLogs(jobs, current, now);
  if (failures.length > 0) throw failures[0];
  return queued;
}

interface Looked {
  /** So many of the queue are done with. */
  readonly looked: number;
  readonly queued: number;
  /** Whether too many in a row could not be read. */
  readonly isHalted: boolean;
  readonly isEnd: boolean;
  readonly failures: readonly unknown[];
}

/** Behind `from`; wider where that shows nothing to queue. */
async function look(
  decisions: QueueLeftPorts['decisions'],
  from: number,
  decisionsAtMost: number,
  left: ReadonlySet<string>,
): Promise<Looked> {
  const failures: unknown[] = [];
  let looked = from;
  for (const more of [decisionsAtMost, decisionsAtMost * WIDER]) {
    const waiting = await decisions.unwitnessed(from + more);
    const told = await queueThese(decisions, waiting.slice(looked), left);
    const { begun, queued, isHalted } = told;
    looked += begun - queued;
    failures.push(...told.failures);
    const isEnd = waiting.length < from + more;
    if (isHalted || isEnd || queued > 0) return { looked, queued, isHalted, isEnd, failures };
  }
  return { looked, queued: 0, isHalted: false, isEnd: false, failures };
}

async function queueThese(
  decisions: QueueLeftPorts['decisions'],
  waiting: readonly DecisionRef[],
  left: ReadonlySet<string>,
): Promise<Pick<Looked, 'queued' | 'isHalted' | 'failures'> & { readonly begun: number }> {
  const people = failuresOfPeople();
  const failures: unknown[] = [];
  let begun = 0;
  let queued = 0;
  await concurrently(waiting, async (ref) => {
    if (failures.length > 0) return;
    begun++;
    try {
      if (await queueOne(decisions, ref, left)) queued++;
      people.none();
    } catch (error) {
      try {
        people.passOver(error);
      } catch (failure) {
        failures.push(failure);
      }
    }
  });
  const isHalted = failures.length > 0;
  try {
    people.throwFirst();
  } catch (failure) {
    failures.push(failure);
  }
  return { begun, queued, isHalted, failures };
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

import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { HeldPage, JobStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { isHeld } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import { carryOut } from './carry-out.ts';
import { type EvaluatePorts, runRules } from './evaluate.ts';
import { proposalHeldAs } from './hold.ts';
import { isOfOnePerson } from './one-person.ts';
import { type ReleaseQueue, readQueue, writeQueue } from './release-queue.ts';

export interface ContinuePorts extends EvaluatePorts {
  readonly jobs: JobStore;
}

/** After so many the work is saved: a run that breaks off does at most these again, which changes nothing. */
const PAGE = 25;

/**
 * Evaluates whom released bursts held, and carries out the approved proposals among it. Resumable: it goes on where the last run ended, and finishes a release
 * that a crash left half done. Whoever cannot be evaluated does not stop it. Two runs at once do some work twice.
 *
 * @returns how many were visited
 */
export async function continueReleases(
  ports: ContinuePorts,
  publication: Publication,
  { subjectsAtMost }: { readonly subjectsAtMost: number },
  now: Instant,
): Promise<number> {
  let visited = 0;
  while (visited < subjectsAtMost) {
    const queue = await readQueue(ports.jobs);
    const burst = await firstReleased(ports, queue, now);
    if (burst === undefined) return visited;
    for (const rule of burst.releasedRules ?? []) await ports.bursts.releaseRule(burst.scheme, rule);
    const after = queue.cursor?.burst === burst.id ? queue.cursor.after : undefined;
    const page = await ports.bursts.subjects(burst.id, after, Math.min(PAGE, subjectsAtMost - visited));
    // A scheme that the federation has dropped gives no level to anyone.
    const scheme = own(publication.schemes, burst.scheme);
    if (scheme !== undefined)
      for (const item of page.subjects) await continueOne(ports, publication, scheme, item, now);
    visited += page.subjects.length;
    if (!(await writeQueue(ports.jobs, advanced(queue, burst, page)))) return visited;
  }
  return visited;
}

/** The first one that is released. One that lapsed before it was released is struck off; one that is held still is about to be released, and waits. */
async function firstReleased(
  ports: ContinuePorts,
  queue: ReleaseQueue,
  now: Instant,
): Promise<BurstRecord | undefined> {
  const bursts = await Promise.all(queue.pending.map((id) => ports.bursts.find(id)));
  const released = bursts.find((burst) => burst?.state === 'released');
  if (released !== undefined) return released;
  const pending = bursts.flatMap((burst) => (burst !== undefined && isHeld(burst, now) ? [burst.id] : []));
  if (pending.length < queue.pending.length) await writeQueue(ports.jobs, { ...queue, pending });
  return undefined;
}

async function continueOne(
  ports: ContinuePorts,
  publication: Publication,
  scheme: Scheme,
  item: string,
  now: Instant,
): Promise<void> {
  const id = proposalHeldAs(item);
  try {
    if (id === undefined) {
      await runRules(ports, publication, scheme, item, now);
      return;
    }
    const proposal = await ports.proposals.find(id);
    if (proposal?.state === 'approved') await carryOut(ports, publication, proposal, now);
  } catch (error) {
    if (!isOfOnePerson(error)) throw error;
  }
}

function advanced({ version, pending }: ReleaseQueue, { id }: BurstRecord, { next }: HeldPage): ReleaseQueue {
  if (next === undefined) return { version, pending: pending.filter((each) => each !== id) };
  return { version, pending, cursor: { burst: id, after: next } };
}

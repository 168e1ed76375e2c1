import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { HeldPage, JobStore } from '../ports.ts';
import { type Publication, rulesOf } from '../publication.ts';
import { isHeld } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import { carryOut } from './carry-out.ts';
import { type EvaluatePorts, runRules } from './evaluate.ts';
import { proposalHeldAs } from './hold.ts';
import { type Failures, failuresOfPeople } from './one-person.ts';
import { type ReleaseQueue, readQueue, writeQueue } from './release-queue.ts';

export interface ContinuePorts extends EvaluatePorts {
  readonly jobs: JobStore;
}

/** After so many the work is saved: a run that breaks off does at most these again, which changes nothing. */
const PAGE = 25;

/**
 * Evaluates whom released bursts held, and carries out the approved proposals among it. Resumable: it goes on where the last run ended, and finishes a release
 * that a crash left half done. Whoever cannot be evaluated does not stop it, and a burst that cannot be worked on stays for the next run and does not stop the
 * others. Two runs at once do some work twice.
 *
 * @returns how many were visited
 * @throws SymbolonError once the work is saved: the first error that somebody must see
 */
export async function continueReleases(
  ports: ContinuePorts,
  publication: Publication,
  { subjectsAtMost }: { readonly subjectsAtMost: number },
  now: Instant,
): Promise<number> {
  const broken = new Map<string, unknown>();
  const failures = failuresOfPeople();
  let visited = 0;
  while (visited < subjectsAtMost) {
    const queue = await readQueue(ports.jobs);
    const burst = await firstReleased(ports, queue, broken, now);
    if (burst === undefined) break;
    try {
      const page = await continuePage(
        ports,
        publication,
        queue,
        burst,
        failures,
        subjectsAtMost - visited,
        now,
      );
      visited += page.subjects.length;
      if (!(await writeQueue(ports.jobs, advanced(queue, burst, page)))) break;
    } catch (error) {
      broken.set(burst.id, error);
    }
  }
  for (const error of broken.values()) throw error;
  failures.throwFirst();
  return visited;
}

async function continuePage(
  ports: ContinuePorts,
  publication: Publication,
  queue: ReleaseQueue,
  burst: BurstRecord,
  failures: Failures,
  atMost: number,
  now: Instant,
): Promise<HeldPage> {
  for (const rule of burst.releasedRules ?? []) await ports.bursts.releaseRule(burst.scheme, rule);
  const after = queue.cursor?.burst === burst.id ? queue.cursor.after : undefined;
  const page = await ports.bursts.subjects(burst.id, after, Math.min(PAGE, atMost));
  const scheme = own(publication.schemes, burst.scheme);
  // A scheme that the federation has dropped, or that has no rules here any more, gives no level to anyone.
  if (scheme === undefined || own(publication.ruleSets, scheme.id) === undefined) return page;
  rulesOf(publication, scheme);
  for (const item of page.subjects) await continueOne(ports, publication, scheme, item, failures, now);
  return page;
}

/**
 * The first one that is released, and that this run can work on. One that lapsed before it was released is struck off; one that is held still is about to be
 * released, and waits.
 */
async function firstReleased(
  ports: ContinuePorts,
  queue: ReleaseQueue,
  broken: ReadonlyMap<string, unknown>,
  now: Instant,
): Promise<BurstRecord | undefined> {
  const bursts = await Promise.all(queue.pending.map((id) => ports.bursts.find(id)));
  const released = bursts.find((burst) => burst?.state === 'released' && !broken.has(burst.id));
  if (released !== undefined) return released;
  const waits = (burst: BurstRecord) => burst.state === 'released' || isHeld(burst, now);
  const pending = bursts.flatMap((burst) => (burst !== undefined && waits(burst) ? [burst.id] : []));
  if (pending.length < queue.pending.length) await writeQueue(ports.jobs, { ...queue, pending });
  return undefined;
}

async function continueOne(
  ports: ContinuePorts,
  publication: Publication,
  scheme: Scheme,
  item: string,
  failures: Failures,
  now: Instant,
): Promise<void> {
  const proposal = proposalHeldAs(item);
  try {
    if (proposal === undefined) await runRules(ports, publication, scheme, item, now);
    else await carryOut(ports, publication, proposal, now);
    failures.none();
  } catch (error) {
    failures.passOver(error);
  }
}

function advanced({ version, pending }: ReleaseQueue, { id }: BurstRecord, { next }: HeldPage): ReleaseQueue {
  if (next === undefined) return { version, pending: pending.filter((each) => each !== id) };
  return { version, pending, cursor: { burst: id, after: next } };
}

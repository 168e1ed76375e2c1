import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { concurrently } from '@symbolon/registry/concurrently';
import type { BurstRecord } from '../decisions/burst-record.ts';
import { type EvaluatePorts, runRules } from '../decisions/evaluate.ts';
import type { BatchStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { resolveSubject } from '../subjects/resolve.ts';
import type { BatchRecord } from './batch-record.ts';
import type { SubjectWork } from './find-subjects.ts';
import type { SubjectPlan } from './plan-subject.ts';
import { type StoreFactsPorts, storeFacts } from './store-facts.ts';

export type StorePorts = EvaluatePorts & StoreFactsPorts & { readonly batches: BatchStore };

export interface StoredBatch {
  readonly record: BatchRecord;
  /** What keeps worse decisions that would follow from taking effect. */
  readonly bursts: readonly BurstRecord[];
}

/**
 * Stores what is missing of a batch that was taken, evaluates its subjects, and settles its record. `plans` is what was seen to be missing a moment ago; of a
 * subject without one that is looked up. One subject that cannot be decided does not keep the others from being decided; the batch stays `taken` then.
 *
 * @returns the settled record, and the bursts that hold what would follow
 */
export async function storeBatch(
  ports: StorePorts,
  publication: Publication,
  scheme: Scheme,
  works: readonly SubjectWork[],
  plans: readonly SubjectPlan[],
  record: BatchRecord,
  now: Instant,
): Promise<StoredBatch> {
  const planned = new Map(plans.map((plan) => [plan.subject, plan]));
  const stored = await concurrently(works, (work) =>
    storeFacts(ports, publication, scheme, work, planned.get(work.subject), record, now),
  );
  const failures: unknown[] = [];
  const bursts = new Map<string, BurstRecord>();
  await concurrently([...new Set(stored.map(({ subject }) => subject))], async (subject) => {
    try {
      const held = await evaluateLiving(ports, publication, scheme, subject, now);
      if (held !== undefined) bursts.set(held.id, held);
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
  const added = stored.reduce((sum, each) => sum + each.added, 0);
  // The text is of no use any more.
  const { sealed: _, ...rest } = record;
  const done: BatchRecord = { ...rest, state: 'done', added };
  const moved = await ports.batches.move(done, 'taken');
  const settled = moved ? done : await ports.batches.find(record.source, record.id);
  return { record: settled ?? done, bursts: [...bursts.values()] };
}

/** Where no rule matches there is no decision, which is as it should be. One that was merged away meanwhile is evaluated where it leads to. */
async function evaluateLiving(
  ports: StorePorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<BurstRecord | undefined> {
  try {
    return (await runRules(ports, publication, scheme, subject, now)).held;
  } catch (error) {
    if (!isSymbolonError(error) || error.code !== 'subject-merged') throw error;
    const living = await resolveSubject(ports.subjects, subject);
    if (living.subject === subject) throw error;
    return evaluateLiving(ports, publication, scheme, living.subject, now);
  }
}

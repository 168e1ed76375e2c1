import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { concurrently } from '@symbolon/registry/concurrently';
import type { BurstRecord } from '../decisions/burst-record.ts';
import type { Publication } from '../publication.ts';
import { operatorKey } from '../statements/operators.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { type BatchRecord, hasLapsed } from './batch-record.ts';
import { type FindPorts, findSubjects, type SubjectWork } from './find-subjects.ts';
import { wouldTurnAdverse } from './foresee.ts';
import { exceedsHour } from './intake-guard.ts';
import { openStored } from './open-facts.ts';
import { planSubject, type SubjectPlan } from './plan-subject.ts';
import { type BatchStatement, readBatch, verifyBatch } from './read-batch.ts';
import { type StoredBatch, type StorePorts, storeBatch } from './store-batch.ts';

export type IntakePorts = StorePorts & FindPorts;

export interface IntakeResult {
  /** `held`: nothing is stored until a second operator lets it in. */
  readonly state: 'done' | 'held';
  readonly source: string;
  readonly id: string;
  readonly digest: string;
  readonly scheme: string;
  readonly facts: number;
  /** Facts that were new. */
  readonly added: number;
  readonly subjects: number;
  /** How many people it would turn adverse, or was foreseen to. */
  readonly adverse: number;
  /** The bursts that hold decisions which would follow. */
  readonly bursts: readonly BurstRecord[];
}

/**
 * Takes in a batch of facts that a registered source signed, and evaluates everyone whom it is about (protocol, section 9.2 and 9.3). One that would turn more
 * people adverse than the federation allows waits for a second operator.
 *
 * Every check comes before the first write. Then, in this order: the count of the source's hour, the batch's record, the facts, what is taken back, the
 * decisions, the record's end. Sent again after a crash in any place it goes on; once it is done, the same batch changes nothing.
 *
 * @throws SymbolonError `operator-unknown` without the role `facts`, `source-unknown`, `statement-invalid`, `scheme-unknown`, `batch-conflict` (also of one that
 *   has waited too long: the source sends it under another id), what
 *   `findSubjects`, `planSubject` and `wouldTurnAdverse` refuse, and what evaluating throws (the facts are stored then, and the batch is to be sent again)
 */
export async function takeInBatch(
  ports: IntakePorts,
  publication: Publication,
  token: string,
  submittedBy: OperatorRef,
  now: Instant,
): Promise<IntakeResult> {
  operatorKey(publication.region, submittedBy, 'facts');
  const statement = readBatch(token);
  const { iss: source, jti: id } = statement.claims;
  const before = await ports.batches.find(source, id);
  const isAgain = before?.digest === statement.digest;
  // What was in time when it came first is finished, however late it comes again; unless it was signed anew.
  const sameSigning = isAgain && statement.claims.iat <= before.receivedAt;
  const scheme = await verifyBatch(publication, statement, sameSigning ? before.receivedAt : now);
  if (before !== undefined && (!isAgain || before.state === 'refused' || hasLapsed(before, now)))
    throw new SymbolonError('batch-conflict');

  const works = await findSubjects(ports, publication, scheme, statement.claims, now);
  let plans: readonly SubjectPlan[] = [];
  let record = before;
  if (record === undefined) {
    const foreseen = await foresee(ports, publication, scheme, source, works, now);
    plans = foreseen.map(({ plan }) => plan);
    const adverse = foreseen.filter(({ turnsAdverse }) => turnsAdverse).length;
    record = await begin(ports, publication, { token, statement, adverse, submittedBy }, now);
  }
  // REQ-ISS-036: another one was faster, under the same id.
  if (record.digest !== statement.digest || record.state === 'refused')
    throw new SymbolonError('batch-conflict');
  if (record.state !== 'taken') return resultOf({ record, bursts: [] }, works);
  return resultOf(await storeBatch(ports, publication, scheme, works, plans, record, now), works);
}

export function resultOf({ record, bursts }: StoredBatch, works: readonly SubjectWork[]): IntakeResult {
  const { source, id, digest, scheme, facts, adverse, added = 0 } = record;
  const state = record.state === 'held' ? 'held' : 'done';
  return { state, source, id, digest, scheme, facts, added, subjects: works.length, adverse, bursts };
}

/** Bound to the batch: what was sealed as one does not open as another. */
export function batchContext(source: string, id: string): string {
  return `batch ${source} ${id}`;
}

async function begin(
  ports: IntakePorts,
  publication: Publication,
  sent: { token: string; statement: BatchStatement; adverse: number; submittedBy: OperatorRef },
  now: Instant,
): Promise<BatchRecord> {
  const { adverse, submittedBy } = sent;
  const { digest, claims } = sent.statement;
  const { iss: source, jti: id, scheme, facts } = claims;
  const isHeld = adverse > 0 && (await exceedsHour(ports.tallies, publication, source, adverse, now));
  const record = { source, id, digest, scheme, facts: facts.length, adverse, receivedAt: now, submittedBy };
  if (!isHeld) return ports.batches.begin({ ...record, state: 'taken' });
  const sealed = await ports.sealer.seal(utf8(sent.token), batchContext(source, id));
  return ports.batches.begin({ ...record, state: 'held', sealed });
}

/** Checks the batch against all that is stored of each subject, read once, and tells who would turn adverse. */
function foresee(
  ports: IntakePorts,
  publication: Publication,
  scheme: Scheme,
  source: string,
  works: readonly SubjectWork[],
  now: Instant,
): Promise<readonly { plan: SubjectPlan; turnsAdverse: boolean }[]> {
  return concurrently(works, async (work) => {
    const stored = await openStored(ports, scheme.id, work.subject, now);
    const plan = planSubject(scheme, source, work, stored, true, now);
    const turnsAdverse = await wouldTurnAdverse(ports, publication, scheme, plan, stored, source, now);
    return { plan, turnsAdverse };
  });
}

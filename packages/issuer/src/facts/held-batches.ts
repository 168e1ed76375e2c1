import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { Name, Octets32 } from '@symbolon/protocol/schemas/common';
import { concurrently } from '@symbolon/registry/concurrently';
import * as z from 'zod/mini';
import type { BatchStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { operatorKey } from '../statements/operators.ts';
import { readStatement, STATEMENT_CLAIMS, verifyStatement } from '../statements/statement.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { type BatchRecord, hasLapsed } from './batch-record.ts';
import { findSubjects } from './find-subjects.ts';
import { batchContext, type IntakePorts, type IntakeResult, resultOf } from './intake.ts';
import { openStored } from './open-facts.ts';
import { planSubject, type SubjectPlan } from './plan-subject.ts';
import { readBatch, verifyBatch } from './read-batch.ts';
import { storeBatch } from './store-batch.ts';

/** What a second operator sees of a batch that waits: how much it is and what it would do, nothing of anyone. */
export type HeldBatch = Omit<BatchRecord, 'state' | 'sealed' | 'settledBy' | 'added'>;

const ApprovalClaims = z.strictObject({
  ...STATEMENT_CLAIMS,
  source: Name,
  batch: z.string().check(z.minLength(1), z.maxLength(64)),
  /** Of the batch's signed text: what the second operator lets in is exactly that. */
  digest: Octets32,
  verdict: z.enum(['admit', 'refuse']),
  reason: z.string().check(z.minLength(3), z.maxLength(LIMITS.reasonChars)),
});

/** Batches that wait for a second operator, oldest first. */
export async function heldBatches(batches: BatchStore, now: Instant): Promise<readonly HeldBatch[]> {
  const held = (await batches.held()).filter((batch) => !hasLapsed(batch, now));
  return held.map(({ source, id, digest, scheme, facts, adverse, receivedAt, submittedBy }) => ({
    source,
    id,
    digest,
    scheme,
    facts,
    adverse,
    receivedAt,
    submittedBy,
  }));
}

/**
 * A second operator lets a batch in that waits, or refuses it, by a signed statement. Checked anew, the batch is stored and its subjects are evaluated as on
 * intake. Order of the writes: the record says who let it in, then as on intake. The same operator's statement again goes on after a crash; so does the batch,
 * sent again.
 *
 * @returns what became of it; `refused` when it was not let in
 * @throws SymbolonError `statement-invalid`, `forbidden` when another operator signed, `operator-unknown` without the role `approve`, or when who sent it in
 *   has no longer the role `facts`, `batch-unknown` (also to let in one that has waited too long),
 *   `same-operator`, and what `takeInBatch` refuses
 */
export async function settleHeldBatch(
  ports: IntakePorts,
  publication: Publication,
  approval: string,
  operator: OperatorRef,
  now: Instant,
): Promise<IntakeResult | { readonly state: 'refused'; readonly source: string; readonly id: string }> {
  const statement = readStatement('intakeApproval', ApprovalClaims, approval);
  // REQ-ISS-004: a token lets its bearer act for nobody else.
  if (statement.kid !== operator.kid) throw new SymbolonError('forbidden');
  const key = operatorKey(publication.region, operator, 'approve');
  await verifyStatement(statement, key, publication.region.issuer, now);
  const { source, batch: id, digest, verdict } = statement.claims;
  const record = await ports.batches.find(source, id);
  // REQ-ISS-040
  if (record === undefined || record.digest !== digest || !waitsFor(record, operator, verdict))
    throw new SymbolonError('batch-unknown');
  // REQ-ISS-030
  if (record.submittedBy.kid === operator.kid) throw new SymbolonError('same-operator');
  if (verdict === 'refuse') {
    await settle(ports.batches, { ...withoutText(record), state: 'refused', settledBy: operator });
    return { state: 'refused', source, id };
  }
  // REQ-ISS-040
  if (hasLapsed(record, now)) throw new SymbolonError('batch-unknown');
  // REQ-ISS-029: two operators let it in, and the first one is none any more.
  if (record.state === 'held') operatorKey(publication.region, record.submittedBy, 'facts');
  return admit(ports, publication, record, operator, now);
}

/** One that this operator has let in waits for them until it is done: their run may have broken off. */
function waitsFor({ state, settledBy }: BatchRecord, { kid }: OperatorRef, verdict: string): boolean {
  if (state === 'held') return true;
  return state === 'taken' && settledBy?.kid === kid && verdict === 'admit';
}

async function admit(
  ports: IntakePorts,
  publication: Publication,
  record: BatchRecord,
  operator: OperatorRef,
  now: Instant,
): Promise<IntakeResult> {
  const { source, id, sealed } = record;
  if (sealed === undefined) throw new SymbolonError('storage-failed');
  const statement = readBatch(fromUtf8(await ports.sealer.open(sealed, batchContext(source, id))));
  // Its source and key may not be registered any more.
  const scheme = await verifyBatch(publication, statement, record.receivedAt);
  const works = await findSubjects(ports, publication, scheme, statement.claims, now);
  let taken = record;
  let plans: readonly SubjectPlan[] = [];
  if (record.state === 'held') {
    plans = await concurrently(works, async (work) => {
      const stored = await openStored(ports, scheme.id, work.subject, now);
      return planSubject(scheme, source, work, stored, false, now);
    });
    taken = { ...record, state: 'taken', settledBy: operator };
    await settle(ports.batches, taken);
  }
  return resultOf(await storeBatch(ports, publication, scheme, works, plans, taken, now), works);
}

async function settle(batches: BatchStore, record: BatchRecord): Promise<void> {
  if (await batches.move(record, 'held')) return;
  // A write whose answer was lost is sent again, and then it has been done. Else another operator was faster.
  const { state, settledBy } = (await batches.find(record.source, record.id)) ?? {};
  const isSame = state === record.state || (record.state === 'taken' && state === 'done');
  if (!isSame || settledBy?.kid !== record.settledBy?.kid) throw new SymbolonError('batch-unknown');
}

function withoutText({ sealed: _, ...record }: BatchRecord): BatchRecord {
  return record;
}

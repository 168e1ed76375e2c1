import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '@symbolon/rules/fact';
import type { Publication } from '../publication.ts';
import { type AbsorbPorts, absorb } from '../subjects/absorb.ts';
import { resolvePath } from '../subjects/resolve.ts';
import type { BatchRecord } from './batch-record.ts';
import { factExpiry } from './fact-record.ts';
import type { BatchItem, SubjectWork } from './find-subjects.ts';
import { openStored } from './open-facts.ts';
import { planSubject, type SubjectPlan } from './plan-subject.ts';
import { isSameFact, openFact, sealFact } from './sealed-content.ts';

/** Storing may have to finish a merge that has begun. */
export type StoreFactsPorts = AbsorbPorts;

/**
 * Stores what a batch says of one subject. Facts come before what is taken back: whoever looks in between sees the stricter of the two.
 *
 * REQ-ISS-032: whether the subject was merged away is looked at after the facts are written, and then they are written once more where it leads to. So
 * either the merge has copied them, or this has.
 *
 * @returns the living subject that has them, and how many were new
 * @throws SymbolonError `fact-conflict` when another batch was faster with another fact under an id
 */
export async function storeFacts(
  ports: StoreFactsPorts,
  publication: Publication,
  scheme: Scheme,
  work: SubjectWork,
  planned: SubjectPlan | undefined,
  record: BatchRecord,
  now: Instant,
): Promise<{ subject: string; added: number }> {
  let there = work;
  let plan = planned;
  for (;;) {
    plan ??= await planAgain(ports, scheme, there, record, now);
    const added = await writeFacts(ports, scheme, plan, record, now);
    const { profile, merged } = await resolvePath(ports.subjects, there.subject);
    if (merged.length === 0) return { subject: there.subject, added };
    // What the merge copies is there before what is missing is looked up.
    const { subject } = await absorb(ports, publication, profile, now);
    const follow = <T extends BatchItem>(item: T): T => ({ ...item, merged: [...item.merged, ...merged] });
    there = { subject, facts: there.facts.map(follow), retracts: there.retracts.map(follow) };
    plan = undefined;
  }
}

async function planAgain(
  ports: StoreFactsPorts,
  scheme: Scheme,
  work: SubjectWork,
  { source }: BatchRecord,
  now: Instant,
): Promise<SubjectPlan> {
  const stored = await openStored(ports, scheme.id, work.subject, now);
  return planSubject(scheme, source, work, stored, false, now);
}

async function writeFacts(
  ports: StoreFactsPorts,
  scheme: Scheme,
  { subject, add, retract, there }: SubjectPlan,
  { source, receivedAt }: BatchRecord,
  now: Instant,
): Promise<number> {
  // Those that an earlier run of this batch has stored are its own.
  let added = there.filter((each) => each.receivedAt === receivedAt).length;
  for (const { id, fact } of add) {
    const name = { scheme: scheme.id, source, id };
    const sealed = await sealFact(ports.sealer, subject, scheme.id, fact);
    const record = { ...name, receivedAt, expiresAt: factExpiry(scheme, fact), sealed };
    if (await ports.facts.add(subject, record)) added++;
    else await refuseOther(ports, subject, name, fact, now);
  }
  for (const id of retract) await ports.facts.retract(subject, { scheme: scheme.id, source, id }, now);
  return added;
}

/** REQ-ISS-023: another request was faster, or a fact that has expired has this id still. */
async function refuseOther(
  { facts, sealer }: StoreFactsPorts,
  subject: string,
  { scheme, source, id }: { scheme: string; source: string; id: string },
  fact: Fact,
  now: Instant,
): Promise<void> {
  const stored = await facts.list(subject, scheme, now);
  const other = stored.find((each) => each.source === source && each.id === id);
  if (other === undefined || !isSameFact((await openFact(sealer, subject, other)).fact, fact))
    throw new SymbolonError('fact-conflict');
}

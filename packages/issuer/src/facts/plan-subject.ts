import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '@symbolon/rules/fact';
import { idAfterMerge } from '../subjects/copy-facts.ts';
import { factExpiry } from './fact-record.ts';
import type { BatchItem, SubjectWork } from './find-subjects.ts';
import { isSameFact, type OpenedFact } from './sealed-content.ts';

/** What there is to write of one subject. */
export interface SubjectPlan {
  readonly subject: string;
  readonly add: readonly { readonly id: string; readonly fact: Fact }[];
  /** Ids of the source's facts that it takes back. */
  readonly retract: readonly string[];
  /** Facts that are stored already, and may be so by an earlier run of this batch. */
  readonly there: readonly OpenedFact[];
}

/**
 * Compares what a batch says of a subject with what is stored of it, and tells what is missing. A fact that has expired by `now` is left out.
 *
 * `isNew`: nothing of the batch was stored before. Then everything is checked; later on, what has changed since is made the best of.
 *
 * @throws SymbolonError with the place: `fact-conflict` when an id is taken by another fact, or taken back in the same batch; `fact-unknown`
 */
export function planSubject(
  scheme: Scheme,
  source: string,
  work: SubjectWork,
  stored: readonly OpenedFact[],
  isNew: boolean,
  now: Instant,
): SubjectPlan {
  const known = new Map(stored.filter((each) => each.source === source).map((each) => [each.id, each]));
  const add = new Map<string, Fact>();
  const there = new Map<string, OpenedFact>();
  for (const item of work.facts) {
    const { fact } = item;
    if (factExpiry(scheme, fact) <= now) continue;
    const same = namesOf(item)
      .map((id) => known.get(id))
      .find((each) => each !== undefined && isSameFact(each.fact, fact));
    if (same !== undefined) {
      if (!isNew) there.set(same.id, same);
      continue;
    }
    const id = isNew || !known.has(item.id) ? item.id : (namesOf(item)[0] ?? item.id);
    const names = isNew ? namesOf(item) : [id];
    const other =
      names.map((each) => known.get(each)?.fact).find((each) => each !== undefined) ?? add.get(id);
    // REQ-ISS-023: what is stored is never rewritten, whatever it is called since a merge.
    if (other !== undefined && !isSameFact(other, fact))
      throw new SymbolonError('fact-conflict', { path: `${item.path}.id` });
    add.set(id, fact);
  }
  const retract = new Set<string>();
  for (const item of work.retracts) {
    if (work.facts.some(({ id }) => id === item.id))
      throw new SymbolonError('fact-conflict', { path: `${item.path}.id` });
    const id = namesOf(item).find((each) => known.has(each));
    // REQ-ISS-035: `known` holds this source's facts only.
    if (id !== undefined) retract.add(id);
    else if (isNew) throw new SymbolonError('fact-unknown', { path: `${item.path}.id` });
  }
  return {
    subject: work.subject,
    add: [...add].map(([id, fact]) => ({ id, fact })),
    retract: [...retract],
    there: [...there.values()],
  };
}

/** What the fact may be called, the most exact first: one that came with a merge may have another id (see `copyFacts`). */
function namesOf({ id, merged }: BatchItem): readonly string[] {
  return [...merged.map((from) => idAfterMerge(id, from)), id];
}

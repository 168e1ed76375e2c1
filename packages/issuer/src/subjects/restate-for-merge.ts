import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Decision, statusOf } from '../decisions/decision.ts';
import { type Draft, restated } from '../decisions/draft.ts';
import { isAdverse, isStricter } from '../decisions/strictness.ts';
import type { DecisionStore, MintStore } from '../ports.ts';

export interface RestatePorts {
  readonly decisions: Pick<DecisionStore, 'all' | 'find'>;
  readonly mints: Pick<MintStore, 'living'>;
}

export interface OfMerge {
  readonly scheme: Scheme;
  readonly from: string;
  readonly into: string;
  /** Every decision about `from`, oldest first. */
  readonly theirs: readonly Decision[];
}

/**
 * REQ-ISS-037: nobody is turned red, or loses a favourable status, by what was decided about somebody else and a merge. So before the credentials of `from` are copied, `into` gets a
 * decision with a leaf of its own, where it needs one:
 *
 * - it has an adverse status, and `from` has a milder one, or living credentials of a milder level: its status is decided anew, and waits for the witnesses. Once for each merge;
 * - its status has ended, and `from` has a favourable one: that becomes its status. Where no rule gives it for the union, it ends as any other does, with a leaf.
 *
 * @param own the newest decision about `into`
 */
export async function restatedForMerge(
  ports: RestatePorts,
  merge: OfMerge,
  own: Decision | undefined,
  now: Instant,
): Promise<Draft | undefined> {
  if (own === undefined) return undefined;
  const status = statusOf(own);
  if (status === undefined) {
    const favourable = await favourableOf(ports, merge, now);
    return favourable && restated(favourable, now);
  }
  if (!isAdverse(merge.scheme, status.level) || !(await hasMilder(ports, merge, status.level, now)))
    return undefined;
  const all = await ports.decisions.all(merge.into, merge.scheme.id);
  return all.some(({ mergedFrom }) => mergedFrom === merge.from) ? undefined : restated(status, now);
}

async function hasMilder(
  { mints }: RestatePorts,
  { scheme, from, theirs }: OfMerge,
  level: string,
  now: Instant,
): Promise<boolean> {
  const has = statusOf(theirs.at(-1))?.level;
  if (has !== undefined && isStricter(scheme, level, has)) return true;
  const living = await mints.living(from, scheme.id, now);
  return living.some((mint) => isStricter(scheme, level, mint.level));
}

/** Their favourable status; also one whose end has had no effect yet, where there are credentials of it. */
async function favourableOf(
  { decisions, mints }: RestatePorts,
  { scheme, from, theirs }: OfMerge,
  now: Instant,
): Promise<Decision | undefined> {
  const newest = theirs.at(-1);
  const last = theirs.findLast(({ mode }) => mode !== 'ended');
  if (newest === undefined || last === undefined || isAdverse(scheme, newest.level)) return undefined;
  if (newest === last) return last;
  const isOver = (await decisions.find(newest))?.isEffective === true;
  const favourable = theirs.findLast(({ mode, level }) => mode !== 'ended' && !isAdverse(scheme, level));
  return !isOver && (await mints.living(from, scheme.id, now)).length > 0 ? favourable : undefined;
}

import { DAY_SECONDS, HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import type { Class } from './class.ts';
import { type FoldBounds, openFold } from './fold.ts';
import { type FoldState, NOTHING_FOLDED } from './folded.ts';
import type { Judge } from './judge.ts';

/** More than that is not held: a log that has more could fill any memory. When classes do not fit, the old ones are folded. */
export const BOUNDS: TallyBounds = { classes: 60_000, days: 25_000, weeks: 15_000 };

export interface TallyBounds extends FoldBounds {
  readonly classes: number;
}

/** Classes younger than that are never folded: the longest window of a burst (a week and an hour), and more than a day for leaves that come late. */
export const EXACT_DAYS = 9;

/** What is known of the decisions of a log. */
export interface TallyState {
  readonly classes: readonly Class[];
  /** Leaves that are in none of these: there are too many kinds of them in a few days. */
  readonly uncounted: number;
  /** Times of the oldest leaf, and of the newest that is dated right. Nothing while there are none. */
  readonly began: Instant | undefined;
  readonly latest: Instant | undefined;
  readonly fold: FoldState;
}

export const NO_DECISIONS: TallyState = {
  classes: [],
  uncounted: 0,
  began: undefined,
  latest: undefined,
  fold: NOTHING_FOLDED,
};

/** Counts decisions by their class. What there is to say about them all is said of their classes, which are fewer. */
export interface Tally {
  /** @param isDated whether its time can be right @param seen see `Class` */
  add(leaf: DecisionLeaf, index: number, isDated: boolean, seen?: number): void;
  state(): TallyState;
}

/** @param judge without one nothing is folded */
export function openTally(before: TallyState, judge: Judge | undefined, bounds: TallyBounds = BOUNDS): Tally {
  let { uncounted, began, latest } = before;
  const fold = openFold(before.fold, judge, bounds);
  const counted = new Map<string, { -readonly [K in keyof Class]: Class[K] }>();
  for (const each of before.classes) counted.set(keyOf(each, each.approvers), { ...each });
  let tried = 0;

  /** @returns whether there is room now */
  const makeRoom = (): boolean => {
    if (judge === undefined || latest === undefined || began === undefined) return false;
    const since = dayFloor(Math.min(latest - EXACT_DAYS * DAY_SECONDS, judge.until));
    if (since <= Math.max(tried, fold.since() ?? 0)) return false;
    tried = since;
    const all = [...counted.values()];
    const gone = all.filter((each) => lastTimeOf(each) < since);
    if (gone.length === 0) return false;
    fold.take(gone, all, instant(since), began);
    for (const each of gone) counted.delete(keyOf(each, each.approvers));
    return true;
  };

  return {
    add: (leaf, index, isDated, seen) => {
      const { region, scheme, level, rule, authority, mode, at, per } = leaf;
      if (began === undefined || at < began) began = at;
      if (isDated && (latest === undefined || at > latest)) latest = at;
      if (at < (fold.since() ?? 0)) fold.late();
      const approvers = leaf.approvers === undefined ? [] : leaf.approvers.toSorted();
      const key = keyOf({ ...leaf, seen }, approvers);
      const known = counted.get(key);
      if (known !== undefined) {
        known.count++;
        return;
      }
      if (counted.size >= bounds.classes && !makeRoom()) {
        uncounted++;
        return;
      }
      const fresh = { region, scheme, level, rule, authority, mode, at, per, approvers };
      counted.set(key, { ...fresh, ...(seen !== undefined && { seen }), count: 1, first: index });
    },
    state: () => ({
      classes: [...counted.values()].map((each) => ({ ...each })),
      uncounted,
      began,
      latest,
      fold: fold.state(),
    }),
  };
}

/** By any of the times by which it is counted. */
function lastTimeOf({ at, seen = 0 }: Class): number {
  return Math.max(at, seen * HOUR_SECONDS);
}

function dayFloor(at: number): number {
  return at - (at % DAY_SECONDS);
}

function keyOf(
  {
    region,
    scheme,
    level,
    rule,
    authority,
    mode,
    at,
    per,
    seen,
  }: Omit<Class, 'approvers' | 'count' | 'first'>,
  approvers: readonly string[],
): string {
  return `${region} ${scheme} ${level} ${rule} ${authority} ${mode} ${at} ${per} ${seen ?? ''} ${approvers.join(' ')}`;
}

import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import type { Class } from './class.ts';

/** More classes than that are not held: a log that has more could fill any memory. */
export const MOST_CLASSES = 250_000;

/** What is known of the decisions of a log. */
export interface TallyState {
  readonly classes: readonly Class[];
  /** Leaves that are in none of these: there are too many kinds of them. */
  readonly uncounted: number;
}

/** Counts decisions by their class. What there is to say about them all is said of their classes, which are fewer. */
export interface Tally {
  /** @param seen see `Class` */
  add(leaf: DecisionLeaf, index: number, seen?: number): void;
  state(): TallyState;
}

/** @param most of classes */
export function openTally(before: TallyState, most: number = MOST_CLASSES): Tally {
  let { uncounted } = before;
  const counted = new Map<string, { -readonly [K in keyof Class]: Class[K] }>();
  for (const each of before.classes) counted.set(keyOf(each, each.approvers), { ...each });
  return {
    add: (leaf, index, seen) => {
      const approvers = leaf.approvers === undefined ? [] : leaf.approvers.toSorted();
      const key = keyOf({ ...leaf, seen }, approvers);
      const known = counted.get(key);
      if (known !== undefined) {
        known.count++;
        return;
      }
      if (counted.size >= most) {
        uncounted++;
        return;
      }
      const { region, scheme, level, rule, authority, mode, at, per } = leaf;
      const fresh = { region, scheme, level, rule, authority, mode, at, per, approvers };
      counted.set(key, { ...fresh, ...(seen !== undefined && { seen }), count: 1, first: index });
    },
    state: () => ({ classes: [...counted.values()].map((each) => ({ ...each })), uncounted }),
  };
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

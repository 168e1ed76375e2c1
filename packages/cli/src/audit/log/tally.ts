import type { Instant } from '@symbolon/protocol/instant';
import { InstantText } from '@symbolon/protocol/schemas/common';
import { type DecisionLeaf, DecisionMode } from '@symbolon/protocol/schemas/leaf';
import * as z from 'zod/mini';

/** Decisions that look the same in the log: of one class, in one hour or day, by the same approvers. */
export const Class = z.object({
  region: z.string(),
  scheme: z.string(),
  level: z.string(),
  rule: z.string(),
  authority: z.string(),
  mode: DecisionMode,
  at: InstantText,
  per: z.enum(['hour', 'day']),
  /** Sorted. Empty when there are none. */
  approvers: z.array(z.string()),
  /** Of leaves that say the day only: the hour since 1970 in which, or within the one before, they came into the log, where this auditor knows. */
  seen: z.optional(z.int()),
  count: z.int(),
  /** Index of the first leaf of this class. */
  first: z.int(),
});
export type Class = z.output<typeof Class>;

/** Seconds that a leaf's time can stand for. */
export const PER_SECONDS = { hour: 3600, day: 86_400 } as const;

export function endOf({ at, per }: { at: Instant; per: 'hour' | 'day' }): number {
  return at + PER_SECONDS[per];
}

/** More classes than that are not held: a log that has more could fill any memory. */
export const MOST_CLASSES = 250_000;

/** Counts decisions by their class. What there is to say about them all is said of their classes, which are fewer. */
export interface Tally {
  /** @param seen see `Class` */
  add(leaf: DecisionLeaf, index: number, seen?: number): void;
  classes(): readonly Class[];
  /** Leaves of classes for which there was no room. */
  uncounted(): number;
}

/** @param most of classes @param uncountedBefore leaves for which there was no room before */
export function openTally(before: readonly Class[], uncountedBefore = 0, most: number = MOST_CLASSES): Tally {
  let uncounted = uncountedBefore;
  const counted = new Map<string, { -readonly [K in keyof Class]: Class[K] }>();
  for (const each of before) counted.set(keyOf(each, each.approvers), { ...each });
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
    uncounted: () => uncounted,
    classes: () => [...counted.values()].map((each) => ({ ...each })),
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

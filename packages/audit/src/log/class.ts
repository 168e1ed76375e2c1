import type { Instant } from '@symbolon/protocol/instant';
import { InstantText } from '@symbolon/protocol/schemas/common';
import { DecisionMode } from '@symbolon/protocol/schemas/leaf';
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
const PER_SECONDS = { hour: 3600, day: 86_400 } as const;

export function endOf({ at, per }: { at: Instant; per: keyof typeof PER_SECONDS }): number {
  return at + PER_SECONDS[per];
}

import type { Instant } from '@symbolon/protocol/instant';

/**
 * How a decision came about. `merged`: the status of two subjects that were found to be one person, until the rules have run on both. `ended`: no rule
 * holds any more, so there is no status; level, rule, authority and evidence are those that have ended.
 */
export const DECISION_MODES = ['automatic', 'manual', 'merged', 'ended'] as const;
export type DecisionMode = (typeof DECISION_MODES)[number];

/** A region's determination of one subject's level, by one rule, one authority, at one time. Append-only. */
export interface Decision {
  readonly subject: string;
  readonly scheme: string;
  /** 1, 2, 3, ...: the newest is the current one. */
  readonly sequence: number;
  readonly level: string;
  /** `id@version` of the published rule. */
  readonly rule: string;
  readonly authority: string;
  readonly evidence: string;
  readonly mode: DecisionMode;
  readonly decidedAt: Instant;
  /** When the newest fact that counted was observed; only where the scheme has an age. */
  readonly sampledAt?: Instant;
  /** Manual only: key ids of the operators who proposed and approved it, in this order. */
  readonly approvers?: readonly string[];
  /** Manual only: the proposal that it rests on. */
  readonly proposal?: string;
  /** Manual only: until then the rules can make it stricter, and not milder. */
  readonly until?: Instant;
  /** Number of the decision in effect, where this one is adverse and milder than that: it needs no witnesses (`milder.ts`). */
  readonly milderThan?: number;
  /** Merged only: the subject that was merged away. What a merge needs is appended once. Not shown to anybody. */
  readonly mergedFrom?: string;
}

/** The decision that gives a status: the newest one, unless it says that the status has ended. REQ-ISS-008: then there is none. */
export function statusOf(newest: Decision | undefined): Decision | undefined {
  return newest?.mode === 'ended' ? undefined : newest;
}

import type { Instant } from '@symbolon/protocol/instant';
import type { Findings } from '../findings.ts';
import type { Class } from './class.ts';
import type { Folded, ToldBurst, UnusualRate } from './folded.ts';
import type { NumberedLeaf } from './numbered-leaf.ts';

/** A time: from its first second on, before its last. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Says all that there is to say of decisions, before they are put together: it cannot be said after that. */
export interface Judge {
  /** What is from later cannot be judged for good: more may have been published. */
  readonly until: Instant;
  isWorse(of: Class): boolean;
  /** @param all what is put together, and what is younger @param begin when windows of bursts begin that are judged now @returns bursts that are told, before or now */
  settle(
    gone: readonly Class[],
    all: readonly Class[],
    begin: Span,
    told: readonly ToldBurst[],
  ): readonly ToldBurst[];
  /** @param days the rated ones, and those that they are compared with @param began when the log began */
  rate(days: readonly Folded[], began: Instant, rated: Span): readonly UnusualRate[];
}

/** @param findings what is found goes there, for good @param others leaves that are no decisions: there will be more */
export type JudgeOf = (findings: Findings, others: readonly NumberedLeaf[]) => Judge;

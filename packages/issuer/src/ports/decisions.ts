import type { Instant } from '@symbolon/protocol/instant';
import type { BurstRecord } from '../decisions/burst-record.ts';
import type { Decision } from '../decisions/decision.ts';
import type { ProposalRecord } from '../decisions/proposal-record.ts';

export interface DecisionRef {
  readonly subject: string;
  readonly scheme: string;
  readonly sequence: number;
}

export interface DecisionStore {
  /**
   * Appends decision number `decision.sequence`, and queues it for the log by the same write. False when that number is already taken. Nothing is ever
   * rewritten.
   */
  append(decision: Decision): Promise<boolean>;
  /** The current decision: the newest one. Consistent. */
  newest(subject: string, scheme: string): Promise<Decision | undefined>;
  /** Every decision, oldest first. Consistent and complete. */
  all(subject: string, scheme: string): Promise<readonly Decision[]>;
  /** The log's queue: decisions whose leaf is not in the log yet, about oldest first. A hint: it may show one that is logged, or miss one for a moment. */
  pending(limit: number): Promise<readonly DecisionRef[]>;
  /** Whether the decision's leaf is in the log. Consistent. */
  isLogged(ref: DecisionRef): Promise<boolean>;
  /** Says that the leaf is in the log, and takes the decision out of the queue. Doing it again changes nothing. */
  markLogged(ref: DecisionRef): Promise<void>;
}

/** Port to the decision log. */
export interface DecisionLog {
  /** Waits until the decision's leaf is in the log. @throws SymbolonError `decision-unlogged` when it is not by then */
  awaitLeaf(decision: Decision): Promise<void>;
}

/** Manual decisions that one operator proposed. */
export interface ProposalStore {
  /** Stores a proposal under its id. False when there is one. */
  add(proposal: ProposalRecord): Promise<boolean>;
  find(id: string): Promise<ProposalRecord | undefined>;
  /** Compare and swap by state. False when its state is not `from`. */
  move(proposal: ProposalRecord, from: ProposalRecord['state']): Promise<boolean>;
  /** Proposals that wait for a second operator, oldest first. A hint, as an index is: `find` decides. */
  open(): Promise<readonly ProposalRecord[]>;
}

/** The burst guard's memory (protocol, section 9.5). */
export interface BurstStore {
  /** Stores a burst under its id. Answers the one that is there then: the given one, or an earlier one. */
  begin(burst: BurstRecord): Promise<BurstRecord>;
  find(id: string): Promise<BurstRecord | undefined>;
  /** Compare and swap by state. False when its state is not `from`. */
  move(burst: BurstRecord, from: BurstRecord['state']): Promise<boolean>;
  /** Bursts whose state is `held`, oldest first. A hint: `find` decides. */
  open(): Promise<readonly BurstRecord[]>;
  /** Notes that a subject's decision by `rule` is held by a burst. Doing it again changes nothing; the first time stands. */
  hold(burst: string, subject: string, rule: string, at: Instant): Promise<void>;
  /** Since when a decision by `rule` about the subject is held by this burst. Consistent. */
  heldSince(burst: string, subject: string, rule: string): Promise<Instant | undefined>;
  /** The subjects that a burst holds, page by page: complete once the burst has left the state `held`. */
  subjects(burst: string, after: string | undefined, limit: number): Promise<HeldPage>;
  /** The newest burst of this scheme and cause, whatever its state. Consistent. */
  newest(scheme: string, cause: string): Promise<BurstRecord | undefined>;
  /** Says for good that the outbreak which this rule version answers is a true one. Doing it again changes nothing. */
  releaseRule(scheme: string, rule: string): Promise<void>;
  isReleased(scheme: string, rule: string): Promise<boolean>;
}

export interface HeldPage {
  readonly subjects: readonly string[];
  readonly next: string | undefined;
}

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
  /** One decision, where its leaf is, and whether it has taken effect. Consistent. */
  find(ref: DecisionRef): Promise<StoredDecision | undefined>;
  /**
   * Says where the leaf is, and takes the decision out of the log's queue; one that takes effect only when witnesses have seen it goes into the queue of those.
   * The first place stands: doing it again changes nothing. Throws where there is no such decision: a mark makes none.
   */
  markLogged(ref: DecisionRef, place: LeafPlace, awaitsWitnesses: boolean): Promise<void>;
  /** Decisions in the log that wait for the witnesses, about oldest first. A hint, as `pending` is. */
  unwitnessed(limit: number): Promise<readonly DecisionRef[]>;
  /**
   * Says for good that a decision which waited for witnesses has taken effect, and takes it out of their queue. Doing it again changes nothing; one that is in no log goes on waiting
   * for that.
   */
  markEffective(ref: DecisionRef): Promise<void>;
  /**
   * Takes back the place of a leaf in the log `left`, as the region's decisions go to another one now, and queues the decision for the log again by the same write. An effect that it has
   * had stays. Where its place is in another log than `left`, or it has none, nothing changes.
   */
  queueAgain(decision: Decision, left: string): Promise<void>;
}

export interface StoredDecision {
  readonly decision: Decision;
  /** Nothing while it is in no log. */
  readonly place: LeafPlace | undefined;
  /** Whether it is one that waited for witnesses, and has taken effect. Never taken back. */
  readonly isEffective: boolean;
}

/** A decision's place in a log, and the salt of its commitment (protocol, section 9.6). */
export interface LeafPlace {
  /** Of the log: an index is in one log only. */
  readonly origin: string;
  readonly index: number;
  /** 32 random bytes, base64url. Whoever has it can tell which leaf is about whom: it is kept like a fact, and goes to the holder only. */
  readonly salt: string;
}

/** Port to the decision log, as those who decide and mint see it. */
export interface DecisionLog {
  /**
   * Waits until a credential may be minted by the decision: its leaf is in the log and, where it is worse for the person and has not taken effect before, enough witnesses have seen it. One
   * whose leaf is in a log that the region has left gets one in this log.
   *
   * @param isWorse see `isWorse` (decisions/worse.ts)
   * @throws SymbolonError `decision-unlogged` when it is not by then; what reading the log throws
   */
  awaitLeaf(decision: DecisionRef, isWorse: boolean): Promise<void>;
  /**
   * Whether it takes effect now. Does not wait. What has taken effect once has it for good, whatever becomes of the log and its witnesses.
   *
   * @throws SymbolonError what reading the log throws: a log that does not answer is not one that says no
   */
  isEffective(decision: DecisionRef, isWorse: boolean): Promise<boolean>;
  /**
   * What proves to the holder that the decision is in the log: a `c2sp.org/tlog-proof@v1` text (docs/spec/log.md). Nothing where there is no log.
   *
   * @throws SymbolonError `decision-unlogged`
   */
  receiptOf(decision: Decision): Promise<string | undefined>;
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
  /** Proposals that have passed the guard and are not decided yet, about in the order in which they passed. A hint. */
  passed(limit: number): Promise<readonly ProposalRecord[]>;
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
  /** Bursts of whose state, or of an earlier one, there is no leaf yet. A hint, as `open` is. */
  unlogged(limit: number): Promise<readonly BurstRecord[]>;
  /** Says that leaves for this state, and those before it, are in the log. Doing it again changes nothing. Throws where the burst has not come to that state. */
  markLogged(burst: string, state: BurstRecord['state']): Promise<void>;
  /** The state of a burst for which there is a leaf already; nothing before the first one. Consistent. */
  loggedState(burst: string): Promise<BurstRecord['state'] | undefined>;
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

import type { Instant } from '@symbolon/protocol/instant';

/** A manual decision that one operator proposed, and what became of it. */
export interface ProposalRecord {
  /** SHA-256 of the proposal's signing input, base64url: what the second operator signs names it. */
  readonly id: string;
  readonly subject: string;
  readonly scheme: string;
  /** `id@version` */
  readonly rule: string;
  readonly authority: string;
  /** Key id of the operator who proposed it. */
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  /** From then on it cannot be approved any more, and what was approved and not decided is not decided any more. */
  readonly lapsesAt: Instant;
  /** Until when the decision shall stand. */
  readonly until: Instant;
  /**
   * `open` waits for the second operator. `approved` is on its way to a decision: a crash or the burst guard leaves it so, and approving again goes on.
   * `lapsed` was open for too long.
   */
  readonly state: 'open' | 'approved' | 'decided' | 'rejected' | 'withdrawn' | 'lapsed';
  /** `approved` only: when it passed the burst guard. It waits for the federation's delay then, and no longer once a burst holds it. */
  readonly passedAt?: Instant;
  /** Key id of the operator who approved or rejected it. The decision keeps it when it is withdrawn. */
  readonly settledBy?: string;
  /** What was signed, with its reasons, in the order of time, sealed: the proposal, the approval or rejection, the withdrawal. */
  readonly sealed: string;
}

/** REQ-ISS-034: whether the time for a proposal is over, or that of the decision. */
export function hasLapsed({ lapsesAt, until }: ProposalRecord, now: Instant): boolean {
  return now >= lapsesAt || now >= until;
}

import type { Instant } from '@symbolon/protocol/instant';

/** Who did it: a published key of an office of the region. Never a name. */
export interface OperatorRef {
  readonly kid: string;
  readonly authority: string;
}

export const JOURNAL_KINDS = [
  'enrolled',
  'code-given',
  'credentials-revoked',
  'linked',
  'merged',
  'guardian-added',
  'guardian-removed',
  'facts-read',
  'card-printed',
] as const;

/** One line of a subject's record: what was done with it, by whom, when and why. */
export interface JournalEntry {
  /** Random, or derived from what it tells of, so that a second run writes the same one. */
  readonly id: string;
  readonly at: Instant;
  readonly kind: (typeof JOURNAL_KINDS)[number];
  /** Absent where no operator did it. */
  readonly by?: OperatorRef;
  /** Where it took two: the kid of the second operator. */
  readonly approvedBy?: string;
  /** In the operator's words: why. */
  readonly reason?: string;
  /** What it is about: the scheme of facts that were read, the kind of an identifier that was linked, the subject that was merged. Never an identifier. */
  readonly about?: string;
}

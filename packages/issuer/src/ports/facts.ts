import type { Instant } from '@symbolon/protocol/instant';
import type { BatchRecord } from '../facts/batch-record.ts';
import type { SealedFact } from '../facts/fact-record.ts';

/** What names a stored fact of a subject: ids are the source's own. */
export interface FactName {
  readonly scheme: string;
  readonly source: string;
  readonly id: string;
}

export interface FactStore {
  /** Stores a fact under its name (scheme, source, id). False when a fact of this name is already there: it is then left as it was. */
  add(subject: string, fact: SealedFact): Promise<boolean>;
  /**
   * Takes a fact back: from then on it does not count, and stays readable for its subject until it expires. Doing it again changes nothing, and the first
   * time stands. False when there is no such fact.
   */
  retract(subject: string, name: FactName, at: Instant): Promise<boolean>;
  /** All facts of a subject for a scheme that have not expired at `now`, retracted ones among them. Consistent, and complete: it pages to the end. */
  list(subject: string, scheme: string, now: Instant): Promise<readonly SealedFact[]>;
}

/** Batches of facts that sources sent. A batch is known by its source and the id that the source gave it. */
export interface BatchStore {
  /** Stores a batch where there is none of its source and id. Answers the one that is there then: the given one, or an earlier one. */
  begin(batch: BatchRecord): Promise<BatchRecord>;
  find(source: string, id: string): Promise<BatchRecord | undefined>;
  /** Compare and swap by state: stores `batch` over the record whose state is `from`. False when its state is another. */
  move(batch: BatchRecord, from: BatchRecord['state']): Promise<boolean>;
  /** Batches that wait for a second operator, oldest first. A hint, as an index is: it may miss a new one for a moment. `find` decides. */
  held(): Promise<readonly BatchRecord[]>;
}

import { addHours, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { OperatorRef } from '../subjects/journal-entry.ts';

/** A signed batch of facts on its way in. */
export interface BatchRecord {
  readonly source: string;
  /** The source's own id of the batch. */
  readonly id: string;
  /** SHA-256 of what it says (its claims but `iat`, canonical JSON), base64url: the same id with another content is refused. */
  readonly digest: string;
  /** `taken`: being stored; a crash leaves it so, and sending it again goes on. `held`: waits for a second operator, for `LIMITS.proposalHours`. `done`, `refused`: settled. */
  readonly state: 'taken' | 'held' | 'done' | 'refused';
  readonly scheme: string;
  readonly facts: number;
  /** How many people it would turn, or turned, adverse. */
  readonly adverse: number;
  readonly receivedAt: Instant;
  readonly submittedBy: OperatorRef;
  readonly settledBy?: OperatorRef;
  /** The signed text, sealed, while it is held. */
  readonly sealed?: string;
  /** Facts in it that were new; once it is done. */
  readonly added?: number;
}

/** Whether a batch has waited too long for a second operator: it can only be refused. */
export function hasLapsed({ state, receivedAt }: BatchRecord, now: Instant): boolean {
  return state === 'held' && now >= addHours(receivedAt, LIMITS.proposalHours);
}

import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { Format } from './validity.ts';

/** What was minted for a subject: enough to withdraw and restore it, nothing that a verifier sees beside the entries. */
export interface MintRecord {
  readonly subject: string;
  readonly scheme: string;
  /** Sequence of the decision that it rests on. */
  readonly decision: number;
  readonly level: string;
  readonly rule: string;
  readonly authority: string;
  readonly format: Format;
  /** That of the decision, to the second: the credentials say it to the hour. */
  readonly sampledAt?: Instant;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** How many credentials, listed or not. */
  readonly credentials: number;
  readonly entries: readonly StatusEntry[];
}

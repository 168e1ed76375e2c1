import { addHours, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '@symbolon/rules/fact';

/** A fact as it is stored: its content sealed, only what the store needs to see in clear. */
export interface SealedFact {
  /** Chosen by the source: the same fact sent twice is stored once. One that came with a merge may have a suffix (`copyFacts`). */
  readonly id: string;
  /** The registered source that signed it. */
  readonly source: string;
  readonly scheme: string;
  readonly receivedAt: Instant;
  /** From this second on it does not count, and the store may delete it. */
  readonly expiresAt: Instant;
  /** When its source took it back. It does not count then. */
  readonly retractedAt?: Instant;
  readonly sealed: string;
}

export function factExpiry(scheme: Scheme, fact: Fact): Instant {
  return addHours(fact.at, own(scheme.factTypes, fact.type)?.keepHours ?? 0);
}

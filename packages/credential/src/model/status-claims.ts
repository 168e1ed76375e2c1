import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';

/**
 * What a credential says, whatever secures it (protocol, section 5): one level of one scheme, by one rule of one authority.
 * It names nobody. Exactly one of `holderKey` and `bearer: true` is there.
 */
export interface StatusClaims {
  readonly scheme: string;
  readonly major: number;
  readonly level: string;
  /** `id@version`. */
  readonly rule: string;
  readonly authority: string;
  readonly assurance: string;
  /** When the sample was taken; only where the scheme has an age. */
  readonly sampledAt?: Instant;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** Only where the scheme has a status list. */
  readonly statusEntry?: StatusEntry;
  readonly holderKey?: PublicJwk;
  readonly bearer: boolean;
  readonly contested: boolean;
  /** The region whose credential was exchanged for this one. */
  readonly via?: string;
}

/** What a holder may disclose beside the status, one by one. */
export interface Details {
  /** In words, for people. */
  readonly reason: string;
  /** Evidence class. */
  readonly evidence: string;
  /** For a person's printed card. */
  readonly initials?: string;
  /** For an asset's label: its public name, an absolute IRI. Never beside `initials`. */
  readonly asset?: string;
}

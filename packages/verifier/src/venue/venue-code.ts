import type { VenueClaims } from '@symbolon/credential/venue-code';
import type { Instant } from '@symbolon/protocol/instant';
import type { Words } from '@symbolon/protocol/schemas/common';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type * as z from 'zod/mini';

/** A venue code that was checked: a region says that this venue asks for these statuses, for this purpose. Only `openVenueCode` makes one. */
export interface VenueCode
  extends Pick<
    VenueClaims,
    'venue' | 'purpose' | 'schemes' | 'accept' | 'onContested' | 'onBearer' | 'nonce'
  > {
  /** The region that signed it, and whose recognition counts. */
  readonly region: string;
  readonly title?: z.output<typeof Words>;
  /** What a presentation for this venue is made out to; beside it stands `nonce`. */
  readonly audience: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** Of the key that signed it. */
  readonly kid: string;
}

/** A venue's name is its region's to give, so the two together name it. */
export function audienceOfVenue(region: string, venue: string): string {
  return `urn:symbolon:venue:${region}:${venue}`;
}

const policies = new WeakMap<VenueCode, Policy>();

/**
 * The acceptance policy of a place that shows this code: by its region's recognition, for what it asks, and only what answers its own nonce.
 *
 * @returns the same object for the same code, as a policy is compiled once for each object
 */
export function policyOfVenue(code: VenueCode): Policy {
  const known = policies.get(code);
  if (known !== undefined) return known;
  const { region, purpose, schemes, accept, onContested, onBearer, audience, nonce } = code;
  const policy: Policy = {
    region,
    purpose,
    schemes: [...schemes],
    accept,
    onContested,
    onBearer,
    requireNonce: true,
    venue: { audience, nonce },
  };
  policies.set(code, policy);
  return policy;
}

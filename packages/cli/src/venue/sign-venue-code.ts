import { packVenueCode, writeVenueCode } from '@symbolon/credential/venue-code';
import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Trust } from '@symbolon/verifier/trust';
import { openVenueCode, type VenueCode } from '@symbolon/verifier/venue';
import { UsageError } from '../usage-error.ts';

const NONCE_BYTES = 16;

export interface VenueOrder {
  readonly region: string;
  readonly venue: string;
  readonly title?: { readonly en: string; readonly zh: string };
  readonly policy: Policy;
  readonly hours: number;
}

export interface SignedVenueCode {
  /** As it is read back by whoever scans it. */
  readonly code: VenueCode;
  /** The text of its QR code. */
  readonly text: string;
  /** The same as a compact JWS. */
  readonly token: string;
}

/** What a code cannot say is not left out in silence. @throws UsageError */
export function checkVenuePolicy({ region, policy }: VenueOrder): void {
  if (policy.region !== region)
    throw new UsageError('The policy follows another region than the one that signs: give its own policy.');
  if (policy.venue !== undefined)
    throw new UsageError(
      'The policy names a venue and a nonce of its own: leave "venue" out, the code brings them.',
    );
  if ((policy.onSeveralHolders ?? 'refused') !== 'refused')
    throw new UsageError('Statuses of several holders are refused at a venue: leave "onSeveralHolders" out.');
}

/**
 * Signs a venue code that begins with this hour, and opens it as whoever scans it will: what they would refuse is not given out.
 *
 * @throws SymbolonError `issuer-unknown`, `venue-code-malformed`, what the signer and `openVenueCode` throw
 */
export async function signVenueCode(
  { region, venue, title, policy, hours }: VenueOrder,
  signer: Signer,
  trust: Trust,
  now: Instant,
  random: RandomBytes,
): Promise<SignedVenueCode> {
  const view = own(trust.registry.regions, region);
  if (view === undefined) throw new SymbolonError('issuer-unknown');
  const { purpose, schemes, accept, onContested, onBearer } = policy;
  const iat = hourFloor(now);
  const claims = {
    iss: view.region.issuer,
    venue,
    ...(title === undefined ? {} : { title }),
    purpose,
    schemes,
    accept,
    onContested,
    onBearer,
    nonce: encodeBase64url(random(NONCE_BYTES)),
    iat,
    exp: addHours(iat, hours),
  };
  const token = await writeVenueCode(claims, signer);
  const text = packVenueCode(token);
  return { code: await openVenueCode(text, trust, now), text, token };
}

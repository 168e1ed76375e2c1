import { packVenueCode, type VenueClaims, writeVenueCode } from '@symbolon/credential/venue-code';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { addHours } from '@symbolon/protocol/instant';
import { HENAN, HOUR, ISSUER, key, type TrustChanges, trustOf } from './plain-trust.ts';

/** Codes that Henan signs for its station, and a trust that knows the key. */

export const venueKey: Signer = await createLocalSigner(
  insecurePrivateKeyFromSeed('ES256', 'verifier venue'),
);

export const VENUE: VenueClaims = {
  iss: ISSUER,
  venue: 'central-station',
  purpose: 'entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
  onContested: 'referred',
  onBearer: 'refused',
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  iat: HOUR,
  exp: addHours(HOUR, 168),
};

export function venueTrust({ henan, ...changes }: TrustChanges = {}) {
  return trustOf({ henan: { keys: [...HENAN.keys, key(venueKey, 'venue')], ...henan }, ...changes });
}

/** As a QR code's text. */
export async function venueCode(
  changes: Partial<VenueClaims> = {},
  signer: Signer = venueKey,
): Promise<string> {
  return packVenueCode(await writeVenueCode({ ...VENUE, ...changes }, signer));
}

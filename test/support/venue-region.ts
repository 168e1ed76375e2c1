import { packVenueCode, type VenueClaims, writeVenueCode } from '@symbolon/credential/venue-code';
import type { Signer } from '@symbolon/keys/signer';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import {
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from './federation-fixture.ts';

/** Guangdong has venues, as in the local network. */

export const venueSigner: Signer = await seededSigner('CN-GD venue');

/** What Guangdong signs for its station when nothing else is said: the example of docs/spec/venue-codes.md. */
export const VENUE_CLAIMS: VenueClaims = {
  iss: sampleIssuer('CN-GD'),
  venue: 'central-station',
  title: { en: 'Central station', zh: '中央车站' },
  purpose: 'venue-entry',
  schemes: ['health'],
  accept: 'health.level == "green"',
  onContested: 'referred',
  onBearer: 'refused',
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  iat: FIXTURE_NOW,
  exp: addHours(FIXTURE_NOW, 168),
};

export async function signedVenueCode(
  changes: Partial<VenueClaims> = {},
  signer: Signer = venueSigner,
): Promise<string> {
  return packVenueCode(await writeVenueCode({ ...VENUE_CLAIMS, ...changes }, signer));
}

/** Guangdong publishes its venue key, beside those that it has. Whoever opens the registry for the first time knows nothing of its lead. */
export async function publishVenueKey(federation: FederationFixture, now: Instant): Promise<void> {
  const signers = federation.regions['CN-GD'];
  const keys = publishedKeys(signers, FIXTURE_NOW);
  const window = { notBefore: addHours(FIXTURE_NOW, -1), notAfter: addHours(FIXTURE_NOW, 2 * 365 * 24) };
  const put = keysFile('CN-GD', [...keys, { signer: venueSigner, use: 'venue', ...window }]);
  await publishUpdate(federation, now, (draft) =>
    updateRole(draft, { role: 'CN-GD.keys', put }, [signers.keys], now),
  );
}

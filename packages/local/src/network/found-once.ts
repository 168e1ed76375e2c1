import type { PrivateJwk } from '@symbolon/keys/private-key';
import type { Instant } from '@symbolon/protocol/instant';
import { publish } from '@symbolon/registry/ceremony/publish';
import { fileObjects } from '../files/objects.ts';
import type { AnySampleRegion, SampleSource } from '../sample/regions.ts';
import type { DataFolder } from './data-folder.ts';
import { makeEpochKey, makeKey, makeSecret, SECRET, writeSecret } from './federation-keys.ts';
import { type FederationKeys, foundFederation, type RegionSigningKeys } from './found-federation.ts';
import { operatorJwks } from './operator.ts';
import { LOCAL_OVERSEERS, sourceKeyName, sourceNamesOf } from './operators.ts';

/** Makes every key and secret, holds the ceremony, and publishes the first registry. Nothing counts until the folder is settled. */
export async function foundOnce(folder: DataFolder, baseUrl: string, now: Instant): Promise<void> {
  const passphrase = await makeSecret(folder, SECRET.passphrase, 16);
  const make = (name: string) => makeKey(folder, name, passphrase);
  const region = (id: AnySampleRegion) => makeRegion(folder, id, passphrase, make);
  const regions = {
    'CN-BJ': await region('CN-BJ'),
    // One region has venues: enough to see how they ask.
    'CN-GD': { ...(await region('CN-GD')), venue: await make('CN-GD.venue') },
    'CN-HA': await region('CN-HA'),
  };
  const districts = { 'CN-BJ.haidian': await region('CN-BJ.haidian') };
  const keys: FederationKeys = {
    admins: await Promise.all(['admin-1', 'admin-2', 'admin-3'].map(make)),
    online: await make('online'),
    overseers: await Promise.all(LOCAL_OVERSEERS.map(make)),
    regions,
    districts,
  };
  await writeSecret(folder, SECRET.operatorJwks, JSON.stringify(operatorJwks(await make('operators'))));

  const { publication } = await foundFederation(keys, baseUrl, now);
  await publish(fileObjects(folder.url('registry/')), publication);
}

async function makeRegion(
  folder: DataFolder,
  region: AnySampleRegion,
  passphrase: string,
  make: (name: string) => Promise<PrivateJwk>,
): Promise<RegionSigningKeys> {
  await makeSecret(folder, SECRET.blindIndex(region), 32);
  await makeSecret(folder, SECRET.sealing(region), 32);
  const sources: Partial<Record<SampleSource, PrivateJwk>> = {};
  for (const source of sourceNamesOf(region))
    sources[source] = await make(`${region}.${sourceKeyName(source)}`);
  return {
    admins: await Promise.all(['admin-1', 'admin-2', 'admin-3'].map((name) => make(`${region}.${name}`))),
    operators: {
      'operator-1': await make(`${region}.operator-1`),
      'operator-2': await make(`${region}.operator-2`),
      'operator-3': await make(`${region}.operator-3`),
    },
    sources,
    keysRole: await make(`${region}.keys`),
    credential: await makeEpochKey(folder, region, 'credential', passphrase),
    status: await makeEpochKey(folder, region, 'status', passphrase),
  };
}

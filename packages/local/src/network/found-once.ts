import { mkdir, writeFile } from 'node:fs/promises';
import type { PrivateJwk } from '@symbolon/keys/private-key';
import { formatVerifierKey, NOTE_TYPE, noteKey } from '@symbolon/log/note-key';
import type { Instant } from '@symbolon/protocol/instant';
import { publish } from '@symbolon/registry/ceremony/publish';
import { fileObjects } from '../files/objects.ts';
import { SAMPLE_REGISTRY_LOG, sampleLogOrigin } from '../sample/logs.ts';
import {
  type AnySampleRegion,
  SAMPLE_REGIONS,
  type SampleRegion,
  type SampleSource,
} from '../sample/regions.ts';
import type { SampleScheme } from '../sample/schemes.ts';
import type { DataFolder } from './data-folder.ts';
import { makeEpochKey, makeKey, makeNoteKey, makeSecret, SECRET, writeSecret } from './federation-keys.ts';
import { type FederationKeys, foundFederation, type RegionSigningKeys } from './found-federation.ts';
import { operatorJwks } from './operator.ts';
import { LOCAL_OVERSEERS, listedNoteKey, sourceKeyName, sourceNamesOf } from './operators.ts';

/** Makes every key and secret, holds the ceremony, and publishes the first registry. Nothing counts until the folder is settled. */
export async function foundOnce(
  folder: DataFolder,
  baseUrl: string,
  now: Instant,
  schemes?: readonly SampleScheme[],
): Promise<void> {
  const passphrase = await makeSecret(folder, SECRET.passphrase, 16);
  const make = (name: string) => makeKey(folder, name, passphrase);
  const makeForNotes = (name: string) => makeNoteKey(folder, name, passphrase);
  const region = (id: AnySampleRegion) => makeRegion(folder, id, passphrase, make);
  const withLog = async (id: SampleRegion) => ({
    ...(await region(id)),
    log: await makeForNotes(`${id}.log`),
  });
  const regions = {
    'CN-BJ': await withLog('CN-BJ'),
    // One region has venues: enough to see how they ask.
    'CN-GD': { ...(await withLog('CN-GD')), venue: await make('CN-GD.venue') },
    'CN-HA': await withLog('CN-HA'),
  };
  const watch = {
    registryLog: await makeForNotes('registry-log'),
    witnesses: {
      'witness-1': await makeForNotes('witness-1'),
      'witness-2': await makeForNotes('witness-2'),
      'witness-3': await makeForNotes('witness-3'),
    },
  };
  const districts = { 'CN-BJ.haidian': await region('CN-BJ.haidian') };
  const keys: FederationKeys = {
    admins: await Promise.all(['admin-1', 'admin-2', 'admin-3'].map(make)),
    online: await make('online'),
    overseers: await Promise.all(LOCAL_OVERSEERS.map(make)),
    watch,
    regions,
    districts,
  };
  await writeSecret(folder, SECRET.operatorJwks, JSON.stringify(operatorJwks(await make('operators'))));

  const logs = new Map([
    [SAMPLE_REGISTRY_LOG, watch.registryLog],
    ...SAMPLE_REGIONS.map((id) => [sampleLogOrigin(id), regions[id].log] as const),
  ]);
  await mkdir(folder.file('witnesses'), { recursive: true });
  await writeFile(folder.file('witnesses', 'logs.txt'), verifierKeys(logs), { flush: true });

  const { publication } = await foundFederation(keys, baseUrl, now, schemes);
  await publish(fileObjects(folder.url('registry/')), publication);
}

/** What is given to each witness: the logs that it is to watch. */
function verifierKeys(logs: ReadonlyMap<string, PrivateJwk>): string {
  const lines = [...logs].map(([origin, key]) =>
    formatVerifierKey(noteKey(origin, NOTE_TYPE.log, listedNoteKey(key).jwk)),
  );
  return `# The logs of the sample federation, a verifier key (C2SP signed-note) a line.\n${lines.join('\n')}\n`;
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

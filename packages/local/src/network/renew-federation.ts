import { publicPart } from '@symbolon/keys/private-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { fileObjects } from '../files/objects.ts';
import { SAMPLE_REGIONS, type SampleRegion } from '../sample/regions.ts';
import type { DataFolder } from './data-folder.ts';
import { covers, epochOf, keysFile } from './epochs.ts';
import { keyNames, makeKey, openKey, readPassphrase } from './federation-keys.ts';

/** What ends within this time is renewed at a start. */
const AHEAD_HOURS = 5 * 24;

/**
 * Renews what grows old in a network that was left alone: regions' roles, and issuing and status keys. The same ceremony functions as in the
 * world, with every holder's key on this one machine. Root and targets live for a year, and after that a network starts afresh.
 */
export async function renewFederation(folder: DataFolder, pinnedRoot: Bytes, now: Instant): Promise<void> {
  const objects = fileObjects(folder.url('registry/'));
  const signer = async (name: string) => createLocalSigner(await openKey(folder, name));
  let draft = await openDraft({ read: (path) => objects.read(path), pinnedRoot, now });
  const before = draft;
  for (const region of SAMPLE_REGIONS) {
    if (endsSoon(draft, region, now)) {
      const admins = await Promise.all([signer(`${region}.admin-1`), signer(`${region}.admin-2`)]);
      draft = await updateRole(draft, { role: region }, admins, now);
    }
    draft = await renewKeys(folder, draft, region, await signer(`${region}.keys`), now);
  }
  if (draft === before) return;
  const online = [await signer('online')];
  await publish(objects, await seal(draft, { snapshot: online, timestamp: online }, now));
}

async function renewKeys(
  folder: DataFolder,
  draft: Draft,
  region: SampleRegion,
  holder: Signer,
  now: Instant,
): Promise<Draft> {
  const published = own(draft.base?.view.regions ?? {}, region)?.keys ?? [];
  const fresh = [];
  for (const use of ['credential', 'status'] as const) {
    if (covers(use, published, addHours(now, AHEAD_HOURS))) continue;
    const names = await keyNames(folder, `${region}.${use}`);
    const key = await makeKey(folder, `${region}.${use}-${names.length + 1}`, await readPassphrase(folder));
    fresh.push(epochOf(use, publicPart(key), now));
  }
  const role = `${region}.keys`;
  if (fresh.length === 0)
    return endsSoon(draft, role, now) ? updateRole(draft, { role }, [holder], now) : draft;
  return updateRole(draft, { role, put: keysFile(region, [...published, ...fresh]) }, [holder], now);
}

function endsSoon({ roles }: Draft, role: string, now: Instant): boolean {
  const expires = roles.get(role)?.signed.expires;
  return expires === undefined || expires <= addHours(now, AHEAD_HOURS);
}

import { createLocalSigner } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { signingOrder } from '@symbolon/registry/epochs';
import { fileObjects } from '../files/objects.ts';
import { ALL_SAMPLE_REGIONS } from '../sample/regions.ts';
import { type DataFolder, DataFolderError } from './data-folder.ts';
import { openKey } from './federation-keys.ts';

/** What ends within this time is renewed at a start. */
const AHEAD_HOURS = 5 * 24;

/**
 * Renews the roles of a network that was left alone, by the same ceremony functions as in the world, with every holder's key on this one machine. Keys
 * cannot be renewed like that: a new one counts only after its lead, so a network whose keys have all ended is over.
 *
 * @throws DataFolderError when no region could issue any more
 */
export async function renewFederation(folder: DataFolder, pinnedRoot: Bytes, now: Instant): Promise<void> {
  const objects = fileObjects(folder.url('registry/'));
  const signer = async (name: string) => createLocalSigner(await openKey(folder, name));
  let draft = await openDraft({ read: (path) => objects.read(path), pinnedRoot, now });
  checkKeys(folder, draft, now);
  const before = draft;
  for (const region of ALL_SAMPLE_REGIONS) {
    if (endsSoon(draft, region, now)) {
      const admins = await Promise.all([signer(`${region}.admin-1`), signer(`${region}.admin-2`)]);
      draft = await updateRole(draft, { role: region }, admins, now);
    }
    const keys = `${region}.keys`;
    if (endsSoon(draft, keys, now))
      draft = await updateRole(draft, { role: keys }, [await signer(keys)], now);
  }
  if (draft === before) return;
  const online = [await signer('online')];
  await publish(objects, await seal(draft, { snapshot: online, timestamp: online }, now));
}

function checkKeys(folder: DataFolder, { base }: Draft, now: Instant): void {
  for (const region of ALL_SAMPLE_REGIONS) {
    const keys = own(base?.view.regions ?? {}, region)?.keys ?? [];
    const ended = (['credential', 'status'] as const).some(
      (use) => signingOrder(keys, use, now).length === 0,
    );
    if (ended)
      throw new DataFolderError(
        `The network in ${folder.path} was left alone for so long that its keys have ended: start afresh with --reset.`,
      );
  }
}

function endsSoon({ roles }: Draft, role: string, now: Instant): boolean {
  const expires = roles.get(role)?.signed.expires;
  return expires === undefined || expires <= addHours(now, AHEAD_HOURS);
}

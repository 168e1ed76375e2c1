import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openBundle } from '@symbolon/registry/open-bundle';
import { openRegistry } from '@symbolon/registry/open-registry';
import { buildFederation } from '../../support/federation-fixture.ts';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { microseconds, ratio } from '../ratio.ts';
import { inTemporaryFolder, writeFiles } from '../workload/temporary-folder.ts';
import { tufPeer } from '../workload/tuf-peer.ts';

/** A client that has the pinned root and nothing else comes to trust a registry of three regions, from files on the disk. */
export async function figures(settings: Settings): Promise<Figures> {
  // The peer reads the machine's clock, so this registry is signed now.
  const now = instant(Math.floor(Date.now() / 1000));
  const { pinnedRoot, files } = await buildFederation({ now });
  const { view } = await openRegistry({ read: files, pinnedRoot, now, expiry: 'offline' });
  const regions = Object.keys(view.regions).length;
  const bundle = await writeBundle(await collectBundle({ read: files }));
  return inTemporaryFolder(async (folder) => {
    await writeFiles(folder, new Map([...files, ['trust.bundle', bundle]]));
    const peer = tufPeer(folder, pinnedRoot, files);
    const { speed, time } = await race(
      {
        name: 'registry.open',
        operations: 16,
        prepare: peer.newClients,
        runners: {
          ours: async () => {
            const opened = await openBundle({
              bundle: new Uint8Array(await readFile(join(folder, 'trust.bundle'))),
              pinnedRoot,
              now,
            });
            return Object.keys(opened.view.regions).length === regions;
          },
          refresh: ({ refreshing }) => peer.refresh(refreshing),
          whole: ({ reading }) => peer.readAll(reading),
        },
      },
      settings,
    );
    return {
      'registry.open': ratio(speed('ours', 'whole'), 'peer', { must: 1 }),
      'registry.open.refresh': ratio(speed('ours', 'refresh'), 'peer'),
      'registry.open.us': microseconds(time('ours')),
    };
  });
}

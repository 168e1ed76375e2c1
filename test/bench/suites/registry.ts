import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { openBundle } from '@symbolon/registry/open-bundle';
import { buildFederation } from '../../support/federation-fixture.ts';
import { buildLargeFederation } from '../../support/large-federation.ts';
import type { Figures } from '../figure.ts';
import { race, type Settings } from '../measure.ts';
import { kilobytes, microseconds, multiple, ratio } from '../ratio.ts';
import { rawRegistry } from '../workload/raw-registry.ts';
import { inTemporaryFolder, writeFiles } from '../workload/temporary-folder.ts';
import { tufPeer } from '../workload/tuf-peer.ts';

/** A client that has the pinned root and nothing else comes to trust a registry, from files on the disk. */
export async function figures(settings: Settings): Promise<Figures> {
  // The peer reads the machine's clock, so these registries are signed now.
  const now = instant(Math.floor(Date.now() / 1000));
  return { ...(await large(now, settings)), ...(await small(now, settings)) };
}

interface Repository {
  readonly pinnedRoot: Bytes;
  readonly files: ReadonlyMap<string, Bytes>;
  readonly regions: number;
}

/** 34 provinces and 300 cities: a country. */
async function large(now: Instant, settings: Settings): Promise<Figures> {
  const { pinnedRoot, store, regions } = await buildLargeFederation({ now });
  const repository = { pinnedRoot, files: store.files, regions: regions.size };
  return {
    ...(await cold(repository, now, settings)),
    ...(await coldBesidePeer(repository, now, settings)),
    'registry.bundleKb': kilobytes((await bundleOf(repository)).length, { must: 800, aim: 500 }),
  };
}

async function cold(repository: Repository, now: Instant, settings: Settings): Promise<Figures> {
  const raw = rawRegistry(repository.files);
  const bundle = await bundleOf(repository);
  const { speed, time } = await race(
    {
      name: 'registry.cold',
      operations: 2,
      prepare: async (count: number) => Array.from({ length: count }, () => bundle),
      runners: { ours: (each) => opens(each, repository, now), raw: raw.verifyAll },
    },
    settings,
  );
  return {
    'registry.coldOverRaw': multiple(speed('raw', 'ours'), 'raw', { must: 2, aim: 1.3 }),
    'registry.cold.us': microseconds(time('ours')),
    'registry.coldRaw.us': microseconds(time('raw')),
  };
}

/** A registry of this size takes the peer seconds: a third of the rounds must do. */
async function coldBesidePeer(repository: Repository, now: Instant, settings: Settings): Promise<Figures> {
  const rounds = Math.ceil(settings.rounds / 3);
  const { speed } = await besidePeer('registry.overTufJs', 1, repository, now, { ...settings, rounds });
  return { 'registry.overTufJs': multiple(speed('whole', 'ours'), 'peer', { must: 1, aim: 0.5 }) };
}

/** The three regions of the sample. */
async function small(now: Instant, settings: Settings): Promise<Figures> {
  const { pinnedRoot, files, regions } = await buildFederation({ now });
  const repository = { pinnedRoot, files, regions: Object.keys(regions).length };
  const { speed, time } = await besidePeer('registry.open', 16, repository, now, settings);
  return {
    'registry.open': ratio(speed('ours', 'whole'), 'peer', { must: 1 }),
    'registry.open.refresh': ratio(speed('ours', 'refresh'), 'peer'),
    'registry.open.us': microseconds(time('ours')),
  };
}

/** Both begin with files on the disk: ours with the bundle, tuf-js with the repository. */
async function besidePeer(
  name: string,
  operations: number,
  repository: Repository,
  now: Instant,
  settings: Settings,
) {
  const { pinnedRoot, files } = repository;
  const bundle = await bundleOf(repository);
  return inTemporaryFolder(async (folder) => {
    await writeFiles(folder, new Map([...files, ['trust.bundle', bundle]]));
    const peer = tufPeer(folder, pinnedRoot, files);
    const open = async () =>
      opens(new Uint8Array(await readFile(join(folder, 'trust.bundle'))), repository, now);
    return race(
      {
        name,
        operations,
        prepare: peer.newClients,
        runners: {
          ours: open,
          refresh: ({ refreshing }) => peer.refresh(refreshing),
          whole: ({ reading }) => peer.readAll(reading),
        },
      },
      settings,
    );
  });
}

async function bundleOf({ files }: Repository): Promise<Bytes> {
  return writeBundle(await collectBundle({ read: files }));
}

/** Without a state, and all regions come out usable. */
async function opens(bundle: Bytes, { pinnedRoot, regions }: Repository, now: Instant): Promise<boolean> {
  const { view } = await openBundle({ bundle, pinnedRoot, now });
  return Object.keys(view.regions).length === regions;
}

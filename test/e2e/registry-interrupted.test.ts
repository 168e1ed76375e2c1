import { addHours, parseInstant } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { memoryStore } from '@symbolon/registry/memory-store';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openRegistry } from '@symbolon/registry/open-registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { isPublishedAlready } from '../../packages/cli/src/ceremony/check-proposal.ts';
import { publishEvent } from '../../packages/cli/src/ceremony/publish-event.ts';
import { statusOf } from '../../packages/cli/src/registry/admin-status.ts';
import { federationContent, keySigner, regionContent } from '../support/ceremony-folder.ts';
import { authorityOf } from '../support/federation-fixture.ts';
import { ADMINS, foundRegistry, ONLINE } from '../support/founded-registry.ts';

/**
 * `symbolon registry publish` killed before and after each storage step: readers see the old registry or the new one, `registry status` tells which, and
 * the same command once more finishes.
 */

const FOUNDED = parseInstant('2026-09-07T08:00:00Z');
const NOW = addHours(FOUNDED, 2);
const LATER = addHours(FOUNDED, 3);

class Killed extends Error {}

/** Ends at the given storage step, before it or after it was done. */
function killedAt(store: ObjectStore, step: number, when: 'before' | 'after'): ObjectStore {
  let steps = 0;
  const write = async (work: () => Promise<void>) => {
    const isIt = ++steps === step;
    if (isIt && when === 'before') throw new Killed();
    await work();
    if (isIt) throw new Killed();
  };
  return {
    read: (path) => store.read(path),
    create: (path, bytes) => write(() => store.create(path, bytes)),
    replace: (path, bytes, previous) => write(() => store.replace(path, bytes, previous)),
  };
}

interface Ceremony {
  readonly changes: (keys: Keys) => readonly Change[];
  readonly signers: readonly string[];
  readonly online: readonly string[];
  readonly isFirst?: boolean;
  /** Whether there is a new root, so that the timestamp and it can be there one without the other. */
  readonly hasRoot?: boolean;
}
type Keys = Awaited<ReturnType<typeof keysOf>>;

async function keysOf() {
  const authority = async (names: readonly string[], threshold = names.length) =>
    authorityOf(await Promise.all(names.map(keySigner)), threshold);
  return {
    admins: await authority(ADMINS, 2),
    others: await authority(['chen', 'wang', 'zhou'], 2),
    online: await authority([ONLINE]),
    online2: await authority(['online-2']),
    guangdong: await authority(['gd-a', 'gd-b'], 1),
    guangdongKeys: await authority(['CN-GD.keys']),
  };
}

const inRegion = (id: 'CN-GD') =>
  new Map([...regionContent(id)].map(([name, bytes]) => [`regions/${id}/${name}`, bytes]));

const CEREMONIES: Record<string, Ceremony> = {
  create: {
    changes: ({ admins, online }) => [
      {
        change: 'create',
        root: admins,
        targets: admins,
        snapshot: online,
        timestamp: online,
        files: federationContent(),
      },
    ],
    signers: ['wang', 'li'],
    online: [ONLINE],
    isFirst: true,
  },
  'add-region': {
    changes: ({ guangdong, guangdongKeys }) => [
      {
        change: 'add-region',
        region: 'CN-GD',
        admins: guangdong,
        keys: guangdongKeys,
        files: inRegion('CN-GD'),
      },
    ],
    signers: ['wang', 'li', 'gd-a'],
    online: [ONLINE],
    hasRoot: false,
  },
  'rotate root and targets': {
    changes: () => [
      { change: 'renew', role: 'root' },
      { change: 'renew', role: 'targets' },
    ],
    signers: ['wang', 'zhao'],
    online: [ONLINE],
  },
  'targets to other keys': {
    changes: ({ others }) => [{ change: 'rotate-admins', role: 'targets', to: others }],
    signers: ['wang', 'zhao', 'chen'],
    online: [ONLINE],
  },
  'rotate online with both keys': {
    changes: ({ online2 }) => [{ change: 'rotate-online', snapshot: online2, timestamp: online2 }],
    signers: ['wang', 'zhao'],
    online: [ONLINE, 'online-2'],
  },
  'rotate online with the new key': {
    changes: ({ online2 }) => [{ change: 'rotate-online', snapshot: online2, timestamp: online2 }],
    signers: ['wang', 'zhao'],
    online: ['online-2'],
  },
};

describe.each(Object.entries(CEREMONIES))('%s', (_, ceremony) => {
  const { changes, signers, online, isFirst = false, hasRoot = true } = ceremony;
  const before = isFirst ? 0 : 1;
  let files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  let event: SigningEvent;
  let pinnedRoot: Uint8Array<ArrayBuffer>;
  /** Storage steps of a publication that nothing interrupts. */
  let steps: number;
  let after: number;

  const open =
    (store: ObjectStore, now = NOW) =>
    async (): Promise<Draft | undefined> => {
      if ((await store.read('metadata/timestamp.json')) === undefined) return undefined;
      const root = isFirst ? await store.read('metadata/1.root.json') : pinnedRoot;
      return openDraft({ read: (path) => store.read(path), pinnedRoot: root ?? pinnedRoot, now });
    };
  const publishOn = async (store: ObjectStore, now = NOW) =>
    publishEvent(event, {
      store,
      signers: await Promise.all(online.map(keySigner)),
      open: open(store, now),
      now,
      dryRun: false,
    });
  const versionOn = async (store: ObjectStore) => {
    const read = (path: string) => store.read(path);
    const { view } = await openRegistry({
      read,
      pinnedRoot: await pinnedRootNow(store),
      now: LATER,
      expiry: 'offline',
    });
    return view.version;
  };

  beforeAll(async () => {
    const founded = await foundRegistry({ now: FOUNDED });
    pinnedRoot = founded.files.get('metadata/1.root.json') ?? new Uint8Array();
    files = isFirst ? new Map() : founded.files;
    const published = await open(memoryStore(files))();
    const proposed = await proposeEvent(published, changes(await keysOf()), { title: 'test', now: NOW });
    event = await signEvent(proposed, published, await Promise.all(signers.map(keySigner)));
    const store = memoryStore(files);
    await publishOn(store);
    after = await versionOn(store);
    steps = store.files.size - files.size + (isFirst ? 0 : 1);
  });

  it('is a publication of several steps', () => expect(steps).toBeGreaterThan(2));

  it.each(['before', 'after'] as const)(
    'killed %s each step, it is told right, and finished by the next run',
    async (when) => {
      const told = new Set<string>();
      for (let step = 1; step <= steps; step++) {
        const store = memoryStore(files);
        await expect(publishOn(killedAt(store, step, when)), `step ${step}`).rejects.toThrow(Killed);

        const status = await statusOn(store);
        told.add(`${status.published ? status.version : 0}${status.unfinished ? ' unfinished' : ''}`);
        // Where clients can read, they read what is told.
        if (status.published && !status.unfinished) expect(status.version).toBe(await versionOn(store));

        await finish(store, step);
        expect(await versionOn(store), `step ${step}`).toBeGreaterThanOrEqual(after);
        expect(await isPublishedAlready(event, await open(store, LATER)(), LATER), `step ${step}`).toBe(true);
        expect(await statusOn(store), `step ${step}`).toMatchObject({ published: true, unfinished: false });
      }
      expect([...told]).toEqual(
        expect.arrayContaining([`${before}`, ...(when === 'after' ? [`${after}`] : [])]),
      );
      expect([...told].some((each) => each.endsWith('unfinished'))).toBe(hasRoot);
    },
  );

  const statusOn = (store: ObjectStore) =>
    statusOf({ read: (path) => store.read(path), pinnedRoot: () => pinnedRootNow(store), now: LATER });
  const pinnedRootNow = async (store: ObjectStore) =>
    isFirst ? ((await store.read('metadata/1.root.json')) ?? pinnedRoot) : pinnedRoot;

  /** What the command does: nothing, when it was published already. */
  async function finish(store: ObjectStore, step: number): Promise<void> {
    if (await isPublishedAlready(event, await open(store, LATER)(), LATER)) return;
    await publishOn(store, LATER).catch((error: unknown) => {
      throw new Error(`step ${step}`, { cause: error });
    });
  }
});

import { utf8 } from '@symbolon/protocol/bytes';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '../registry-view/open-registry.ts';
import {
  createSmallRegistry,
  keyFiles,
  later,
  NOW,
  ONLINE,
  republish,
  type SmallRegistry,
} from '../testing/small-registry.ts';
import { openDraft } from './draft.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import type { ObjectStore } from './object-store.ts';
import { publish, storeFiles } from './publish.ts';
import { resignTimestamp } from './resign-timestamp.ts';
import { type Publication, seal } from './seal.ts';
import { updateRole } from './update-role.ts';

let registry: SmallRegistry;
beforeEach(async () => {
  registry = await createSmallRegistry();
});

async function newKeys(seed: string, from: MemoryStore = registry.store): Promise<Publication> {
  const { pinnedRoot, regions } = registry;
  const draft = await openDraft({ read: from.files, pinnedRoot, now: NOW });
  const update = { role: 'CN-BJ.keys', put: keyFiles('CN-BJ', [seed]) };
  return seal(await updateRole(draft, update, [regions['CN-BJ'].keys], NOW), ONLINE, NOW);
}

async function kidsOf(store: MemoryStore): Promise<readonly string[] | undefined> {
  const { pinnedRoot } = registry;
  const { view } = await openRegistry({ read: store.files, pinnedRoot, now: NOW, expiry: 'online' });
  expect(view.malformedRegions).toEqual({});
  return view.regions['CN-BJ']?.keys.map(({ kid }) => kid);
}

class Fault extends Error {}

/** Fails once, at the given write, before or after it took place. */
function failingStore(store: ObjectStore, at: number, when: 'before' | 'after'): ObjectStore {
  let writes = 0;
  const once = async (write: () => Promise<void>) => {
    const fails = writes++ === at;
    if (fails && when === 'before') throw new Fault();
    await write();
    if (fails) throw new Fault();
  };
  return {
    read: (path) => store.read(path),
    create: (path, bytes) => once(() => store.create(path, bytes)),
    replace: (path, bytes, previous) => once(() => store.replace(path, bytes, previous)),
  };
}

describe('publish', () => {
  it('shows the old registry or the new one, whole, wherever it breaks off, and ends well when it is run again', async () => {
    const publication = await newKeys('epoch 2');
    const [old, next] = [await kidsOf(registry.store), await kidsOf(await published(publication))];
    expect(old).not.toEqual(next);
    // One target, one role, the snapshot; then the timestamp.
    const writes = publication.files.size + 1;
    expect(writes).toBe(4);
    for (let at = 0; at < writes; at++) {
      for (const when of ['before', 'after'] as const) {
        const store = memoryStore(registry.store.files);
        await expect(publish(failingStore(store, at, when), publication)).rejects.toThrow(Fault);
        const done = at === writes - 1 && when === 'after';
        expect(await kidsOf(store)).toEqual(done ? next : old);
        await publish(store, publication);
        expect(await kidsOf(store)).toEqual(next);
      }
    }
  });

  it('REQ-REG-020 a publisher that comes after one that broke off passes over what it left', async () => {
    const publication = await newKeys('epoch 2');
    for (let at = 1; at <= 3; at++) {
      const store = memoryStore(registry.store.files);
      await expect(publish(failingStore(store, at, 'before'), publication)).rejects.toThrow(Fault);
      const other = await newKeys('epoch 3', store);
      await publish(store, other);
      expect(await kidsOf(store)).toEqual(await kidsOf(await published(await newKeys('epoch 3'))));
      // And the one that broke off cannot come back.
      await expect(publish(store, publication)).rejects.toMatchObject({ code: 'publication-conflict' });
    }
  });

  it('REQ-REG-020 of two on top of one timestamp, one wins', async () => {
    const [first, second] = [await newKeys('epoch 2'), await newKeys('epoch 3')];
    await publish(registry.store, first);
    await expect(publish(registry.store, second)).rejects.toMatchObject({ code: 'publication-conflict' });
    await publish(registry.store, first);
    expect(await kidsOf(registry.store)).toEqual(await kidsOf(await published(first)));
  });

  it('REQ-REG-020 a first publication does not replace another one', async () => {
    const other = await createSmallRegistry();
    const everything = {
      files: new Map([...other.store.files].filter(([path]) => path !== 'metadata/timestamp.json')),
      timestamp: other.store.files.get('metadata/timestamp.json') ?? utf8(''),
      previousTimestamp: undefined,
    };
    await expect(publish(registry.store, everything)).rejects.toMatchObject({ code: 'publication-conflict' });
  });

  async function published(publication: Publication): Promise<MemoryStore> {
    const store = memoryStore(registry.store.files);
    await publish(store, publication);
    return store;
  }
});

describe('the hourly timestamp', () => {
  const resign = (now: typeof NOW) => {
    const { store, pinnedRoot } = registry;
    return resignTimestamp({ read: storeFiles(store), pinnedRoot, signers: ONLINE, now });
  };
  const opened = async (now: typeof NOW) => {
    const { store, pinnedRoot } = registry;
    return openRegistry({ read: store.files, pinnedRoot, now, expiry: 'online' });
  };

  it('says that the same content is current', async () => {
    await publish(registry.store, await resign(later(1)));
    const { view, state } = await opened(later(1.5));
    expect(view).toMatchObject({ version: 1, signedAt: later(1) });
    expect(state.timestampVersion).toBe(2);
  });

  it('renews a snapshot that has less than three days left', async () => {
    const early = await resign(later(4));
    expect([...early.files.keys()]).toEqual([]);
    const due = await resign(later(4.01));
    expect([...due.files.keys()]).toEqual(['metadata/2.snapshot.json']);
    await publish(registry.store, due);
    const { view } = await opened(later(4.5));
    expect(view.version).toBe(2);
    expect(Object.keys(view.regions)).toEqual(['CN-BJ', 'CN-HA']);
  });

  it('is signed again after it was missed, snapshot and all', async () => {
    await expect(opened(later(9))).rejects.toMatchObject({ code: 'metadata-expired' });
    await publish(registry.store, await resign(later(9)));
    expect((await opened(later(9))).view.signedAt).toBe(later(9));
  });

  it('REQ-REG-004 is not signed over what a client would not accept', async () => {
    const files = new Map(registry.store.files);
    files.set('metadata/1.snapshot.json', utf8('{}'));
    const { pinnedRoot } = registry;
    await expect(
      resignTimestamp({ read: async (path) => files.get(path), pinnedRoot, signers: ONLINE, now: NOW }),
    ).rejects.toMatchObject({ code: 'metadata-mismatch' });
  });

  it('REQ-TIM-005 never goes back', async () => {
    await expect(resign(later(-0.5))).rejects.toMatchObject({ code: 'clock' });
  });

  it('REQ-REG-020 loses to a publication that came between', async () => {
    const publication = await resign(later(0.5));
    await republish(registry, NOW, async (draft) => draft);
    await expect(publish(registry.store, publication)).rejects.toMatchObject({
      code: 'publication-conflict',
    });
  });
});

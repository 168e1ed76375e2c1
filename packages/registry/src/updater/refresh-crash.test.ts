import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Draft, openDraft, withRoot } from '../ceremony/draft.ts';
import type { OnlineSigners } from '../ceremony/online-roles.ts';
import { publish } from '../ceremony/publish.ts';
import { rotateRoot } from '../ceremony/root.ts';
import { seal } from '../ceremony/seal.ts';
import { updateRole } from '../ceremony/update-role.ts';
import type { ClientState } from '../registry-view/client-state.ts';
import { openRegistry } from '../registry-view/open-registry.ts';
import {
  ADMINS,
  authority,
  createSmallRegistry,
  keyFiles,
  NOW,
  republish,
  type SmallRegistry,
  signer,
} from '../testing/small-registry.ts';
import { type MemoryCache, memoryCache } from './memory-cache.ts';
import type { Cache, Repository } from './ports.ts';
import { cacheFiles, refresh } from './refresh.ts';

type Files = ReadonlyMap<string, Bytes>;
type When = 'before' | 'after';

const CRASH = new Error('crash');

/** A cache that dies at one of its changes, told by their number or by the path. Every file that `retain` forgets is a change of its own. */
function dyingCache(cache: MemoryCache, dies: (step: number, path: string) => boolean, when: When): Cache {
  let step = 0;
  const change = async (path: string, work: () => Promise<void>) => {
    const isLast = dies(step++, path);
    if (isLast && when === 'before') throw CRASH;
    await work();
    if (isLast) throw CRASH;
  };
  return {
    read: cache.read,
    write: (path, bytes) => change(path, () => cache.write(path, bytes)),
    retain: async (paths) => {
      for (const path of [...cache.files.keys()]) {
        if (!paths.has(path)) await change(path, () => cache.remove(path));
      }
    },
  };
}

const serving = (files: Files): Repository => ({ fetch: async (path) => files.get(path) });

/** The line drops once a path has come that matches. */
function droppingAfter(files: Files, last: RegExp): Repository {
  let isDown = false;
  return {
    fetch: async (path) => {
      if (isDown) throw new SymbolonError('metadata-unreachable');
      isDown = last.test(path);
      return files.get(path);
    },
  };
}

let registry: SmallRegistry;
/** What the client has: the registry as it was first. */
let kept: Files;
let state: ClientState;
/** What is published while the client is between two updates. */
let newest: Files;
/** What the client goes to: the same after two rotations. */
let published: Files;

const update = (repository: Repository, cache: Cache) =>
  refresh({ repository, cache, pinnedRoot: registry.pinnedRoot, state, now: NOW });

async function openedFrom(cache: Cache): Promise<number> {
  const { pinnedRoot } = registry;
  const opened = await openRegistry({
    read: cacheFiles(cache),
    pinnedRoot,
    state,
    now: NOW,
    expiry: 'offline',
  });
  return opened.view.version;
}

async function onlineKeys(name: string): Promise<OnlineSigners> {
  return { snapshot: [await signer(`snapshot ${name}`)], timestamp: [await signer(`timestamp ${name}`)] };
}

async function publishAs(online: OnlineSigners, change: (draft: Draft) => Promise<Draft>): Promise<void> {
  const { pinnedRoot, store } = registry;
  const draft = await openDraft({ read: store.files, pinnedRoot, now: NOW });
  await publish(store, await seal(await change(draft), online, NOW));
}

async function rotate(current: Bytes, name: string): Promise<Bytes> {
  const online = await onlineKeys(name);
  const roles = { snapshot: authority(online.snapshot), timestamp: authority(online.timestamp) };
  const root = await rotateRoot({ current, roles, signers: ADMINS, now: NOW });
  await publishAs(online, (draft) => withRoot(draft, root));
  return root;
}

const newKeys = (of: Pick<SmallRegistry, 'pinnedRoot' | 'store'>, seeds: readonly string[]) =>
  republish(of, NOW, (draft) =>
    updateRole(
      draft,
      { role: 'CN-BJ.keys', put: keyFiles('CN-BJ', seeds) },
      [registry.regions['CN-BJ'].keys],
      NOW,
    ),
  );

beforeAll(async () => {
  registry = await createSmallRegistry();
  const cache = memoryCache();
  ({ state } = await refresh({
    repository: serving(registry.store.files),
    cache,
    pinnedRoot: registry.pinnedRoot,
    now: NOW,
  }));
  kept = new Map(cache.files);
  await newKeys(registry, ['epoch 1', 'epoch 2']);
  await rotate(await rotate(registry.pinnedRoot, 'two'), 'three');
  const rotated = new Map(registry.store.files);
  const put = keyFiles('CN-HA', ['epoch 2']);
  await publishAs(await onlineKeys('three'), (draft) =>
    updateRole(draft, { role: 'CN-HA.keys', put }, [registry.regions['CN-HA'].keys], NOW),
  );
  newest = registry.store.files;
  published = rotated;
});

describe('an update over a rotation of the online keys', () => {
  const OLD = 1;
  const NEW = 4;

  it.each([/2\.root/, /3\.root/, /4\.root/, /timestamp/, /snapshot/, /CN-BJ\.keys/])(
    'REQ-REG-009 that loses its line after %s leaves a cache that opens, and goes on from the newest root',
    async (last) => {
      const files = published;
      const cache = memoryCache(kept);
      await expect(update(droppingAfter(files, last), cache)).rejects.toMatchObject({
        code: 'metadata-unreachable',
      });
      expect(await openedFrom(cache)).toBe(OLD);
      const asked: string[] = [];
      const counting: Repository = {
        fetch: async (path) => {
          asked.push(path);
          return files.get(path);
        },
      };
      expect((await update(counting, cache)).view.version).toBe(NEW);
      expect(await openedFrom(cache)).toBe(NEW);
      expect(asked[0]).toBe(
        last.test('metadata/2.root.json') ? 'metadata/3.root.json' : 'metadata/4.root.json',
      );
      // Without what serves the crash, it is an ordinary copy of the repository.
      expect([...cache.files.keys()].filter((path) => path.startsWith('pending/'))).toEqual([]);
      for (const [path, bytes] of cache.files) expect(bytes).toEqual(files.get(path));
    },
  );

  it.each<When>(['before', 'after'])(
    'REQ-REG-009 that dies %s any change of the cache leaves the old registry or the new one',
    async (when) => {
      const files = published;
      const found: number[] = [];
      for (let at = 0, isDone = false; !isDone; at++) {
        const cache = memoryCache(kept);
        try {
          await update(
            serving(files),
            dyingCache(cache, (step) => step === at, when),
          );
          isDone = true;
        } catch (error) {
          expect(error).toBe(CRASH);
          found.push(await openedFrom(cache));
        }
        expect((await update(serving(files), cache)).view.version).toBe(NEW);
        expect(await openedFrom(cache)).toBe(NEW);
      }
      expect(new Set(found)).toEqual(new Set([OLD, NEW]));
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      expect(found.length).toBeGreaterThan(12);
    },
  );

  it.each<readonly [path: string, when: When]>([
    ['metadata/3.root.json', 'before'],
    ['metadata/3.root.json', 'after'],
    ['metadata/timestamp.json', 'before'],
    ['metadata/timestamp.json', 'after'],
  ])(
    'REQ-REG-009 that died at %s may die once more, on the way to the next, %s any change',
    async (last, when) => {
      const half = memoryCache(kept);
      const dying = dyingCache(half, (_step, path) => path === last, when);
      await expect(update(serving(published), dying)).rejects.toBe(CRASH);
      const found: number[] = [];
      for (let at = 0, isDone = false; !isDone; at++) {
        const cache = memoryCache(half.files);
        try {
          await update(
            serving(newest),
            dyingCache(cache, (step) => step === at, when),
          );
          isDone = true;
        } catch (error) {
          expect(error).toBe(CRASH);
        }
        found.push(await openedFrom(cache));
      }
      expect(new Set(found)).toEqual(new Set([NEW, NEW + 1]));
      expect(found).toEqual(found.toSorted((a, b) => a - b));
    },
  );
});

describe('two contents of one version, both signed by the online keys', () => {
  it.each<When>(['before', 'after'])(
    'REQ-REG-009 the second does not harm the first until it is whole, %s any change',
    async (when) => {
      const { pinnedRoot } = registry;
      const forks = await Promise.all(
        [['epoch 2'], ['epoch 3']].map(async (seeds) => {
          const store = (await createSmallRegistry()).store;
          await newKeys({ pinnedRoot, store }, seeds);
          return store.files;
        }),
      );
      const [first, second] = [forks[0] ?? expect.unreachable(), forks[1] ?? expect.unreachable()];
      const before = memoryCache(kept);
      const views = [await update(serving(first), before), await update(serving(second), memoryCache(kept))];
      const [old, next] = views.map(({ view }) => view.regions['CN-BJ']?.keys);
      expect(old).not.toEqual(next);
      const keysIn = async (cache: Cache) => {
        const read = cacheFiles(cache);
        const { view } = await openRegistry({ read, pinnedRoot, state, now: NOW, expiry: 'offline' });
        return view.regions['CN-BJ']?.keys;
      };
      const cut = memoryCache(before.files);
      await expect(update(droppingAfter(second, /snapshot/), cut)).rejects.toMatchObject({
        code: 'metadata-unreachable',
      });
      expect(await keysIn(cut)).toEqual(old);

      let crashes = 0;
      for (let at = 0, isDone = false; !isDone; at++) {
        const cache = memoryCache(before.files);
        try {
          await update(
            serving(second),
            dyingCache(cache, (step) => step === at, when),
          );
          isDone = true;
        } catch (error) {
          expect(error).toBe(CRASH);
          crashes += 1;
        }
        expect([old, next]).toContainEqual(await keysIn(cache));
        await update(serving(second), cache);
        expect(await keysIn(cache)).toEqual(next);
      }
      expect(crashes).toBeGreaterThan(8);
    },
  );
});

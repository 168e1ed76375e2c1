import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';
import { withRoot } from '../ceremony/draft.ts';
import { rotateRoot } from '../ceremony/root.ts';
import { updateRole } from '../ceremony/update-role.ts';
import { openRegistry } from '../registry-view/open-registry.ts';
import {
  ADMINS,
  createSmallRegistry,
  keyFiles,
  later,
  NOW,
  republish,
  type SmallRegistry,
} from '../testing/small-registry.ts';
import { memoryCache } from './memory-cache.ts';
import type { Cache, Repository } from './ports.ts';
import { cacheFiles, refresh } from './refresh.ts';

function clientOf({ store }: SmallRegistry) {
  const asked: string[] = [];
  const repository: Repository = {
    fetch: async (path, maxBytes) => {
      asked.push(path);
      const bytes = store.files.get(path);
      if (bytes !== undefined && bytes.length > maxBytes) throw new SymbolonError('metadata-too-large');
      return bytes;
    },
  };
  const cache = memoryCache();
  return { asked, cached: cache.files, cache, repository };
}

const newKeys = (registry: SmallRegistry, seeds: readonly string[]) =>
  republish(registry, NOW, (draft) =>
    updateRole(
      draft,
      { role: 'CN-BJ.keys', put: keyFiles('CN-BJ', seeds) },
      [registry.regions['CN-BJ'].keys],
      NOW,
    ),
  );

describe('refresh', () => {
  it('fetches what has changed and nothing else', async () => {
    const registry = await createSmallRegistry();
    const { asked, cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    const first = await refresh({ repository, cache, pinnedRoot, now: NOW });
    await newKeys(registry, ['epoch 1', 'epoch 2']);
    asked.length = 0;
    const second = await refresh({ repository, cache, pinnedRoot, state: first.state, now: NOW });
    expect(asked.map((path) => path.replace(/[0-9a-f]{64}/, 'HASH'))).toEqual([
      'metadata/2.root.json',
      'metadata/timestamp.json',
      'metadata/2.snapshot.json',
      'metadata/2.CN-BJ.keys.json',
      'targets/regions/CN-BJ/HASH.keys.json',
    ]);
    expect(second.view.regions['CN-BJ']?.keys).toHaveLength(2);
  });

  it('leaves a cache that opens offline and holds nothing old', async () => {
    const registry = await createSmallRegistry();
    const { cached, cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    await refresh({ repository, cache, pinnedRoot, now: NOW });
    const size = cached.size;
    await newKeys(registry, ['epoch 2']);
    const online = await refresh({ repository, cache, pinnedRoot, now: NOW });
    expect(cached.size).toBe(size);
    const offline = { read: cacheFiles(cache), pinnedRoot, now: later(3), expiry: 'offline' } as const;
    expect((await openRegistry(offline)).view).toEqual(online.view);
  });

  it('keeps the chain of roots', async () => {
    const registry = await createSmallRegistry();
    const { cached, cache, repository, asked } = clientOf(registry);
    const { pinnedRoot } = registry;
    const root = await rotateRoot({ current: pinnedRoot, roles: {}, signers: ADMINS, now: NOW });
    await republish(registry, NOW, (draft) => withRoot(draft, root));
    const { state } = await refresh({ repository, cache, pinnedRoot, now: NOW });
    expect(state.rootVersion).toBe(2);
    expect(cached.get('metadata/2.root.json')).toEqual(root);
    asked.length = 0;
    // Without state it starts at the pinned root again, and does not fetch what it has.
    await refresh({ repository, cache, pinnedRoot, now: NOW });
    expect(asked).toEqual(['metadata/3.root.json', 'metadata/timestamp.json']);
  });

  it.each(['targets/', 'metadata/1.', 'metadata/2.root'])(
    'REQ-REG-007 a damaged cache (%s) costs requests and nothing more',
    async (prefix) => {
      const registry = await createSmallRegistry();
      const { cached, cache, repository } = clientOf(registry);
      const { pinnedRoot } = registry;
      const root = await rotateRoot({ current: pinnedRoot, roles: {}, signers: ADMINS, now: NOW });
      await republish(registry, NOW, (draft) => withRoot(draft, root));
      const first = await refresh({ repository, cache, pinnedRoot, now: NOW });
      let damaged = 0;
      for (const path of cached.keys()) {
        if (!path.startsWith(prefix)) continue;
        await cache.write(path, utf8('damaged'));
        damaged += 1;
      }
      expect(damaged).toBeGreaterThan(0);
      expect(await refresh({ repository, cache, pinnedRoot, now: NOW })).toEqual(first);
    },
  );

  it('REQ-REG-013 a client that kept its state and lost its cache proves its root by the repository', async () => {
    const registry = await createSmallRegistry();
    const { asked, cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    const root = await rotateRoot({ current: pinnedRoot, roles: {}, signers: ADMINS, now: NOW });
    await republish(registry, NOW, (draft) => withRoot(draft, root));
    const first = await refresh({ repository, cache, pinnedRoot, now: NOW });
    await cache.retain(new Set());
    asked.length = 0;
    expect(await refresh({ repository, cache, pinnedRoot, state: first.state, now: NOW })).toEqual(first);
    expect(asked.slice(0, 3)).toEqual([
      'metadata/2.root.json',
      'metadata/3.root.json',
      'metadata/timestamp.json',
    ]);
    expect(cache.files.get('metadata/2.root.json')).toEqual(root);
  });

  it('a cache that fails is a failure: it is not taken for an empty one', async () => {
    const registry = await createSmallRegistry();
    const { cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    const root = await rotateRoot({ current: pinnedRoot, roles: {}, signers: ADMINS, now: NOW });
    await republish(registry, NOW, (draft) => withRoot(draft, root));
    const { state } = await refresh({ repository, cache, pinnedRoot, now: NOW });
    const failure = new Error('the disk is away');
    const failing: Cache = {
      ...cache,
      read: async (path) => {
        if (path.endsWith('.root.json')) throw failure;
        return cache.read(path);
      },
    };
    const update = { repository, cache: failing, pinnedRoot, now: NOW };
    await expect(refresh(update)).rejects.toBe(failure);
    await expect(refresh({ ...update, state })).rejects.toBe(failure);
  });

  it.each([
    ['is no JSON', 'damaged'],
    ['is no list', '{}'],
    ['names a file that does not wait', '["metadata/timestamp.json"]'],
  ])('REQ-REG-009 a list of waiting files that %s puts nothing in place', async (_what, journal) => {
    const registry = await createSmallRegistry();
    const { cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    const first = await refresh({ repository, cache, pinnedRoot, now: NOW });
    const before = new Map(cache.files);
    await cache.write('pending/journal.json', utf8(journal));
    const offline = { read: cacheFiles(cache), pinnedRoot, now: NOW, expiry: 'offline' } as const;
    expect((await openRegistry(offline)).view).toEqual(first.view);
    expect(await refresh({ repository, cache, pinnedRoot, now: NOW })).toEqual(first);
    expect(cache.files).toEqual(before);
  });

  it('REQ-REG-009 an update that breaks off has not lost what it fetched, and has kept nothing bad', async () => {
    const registry = await createSmallRegistry();
    const { asked, cached, cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    const broken: Repository = {
      fetch: async (path, maxBytes) => {
        if (/CN-HA.*recognition/.test(path)) throw new SymbolonError('metadata-unreachable');
        return path.includes('/CN-BJ/') ? utf8('bad') : repository.fetch(path, maxBytes);
      },
    };
    await expect(refresh({ repository: broken, cache, pinnedRoot, now: NOW })).rejects.toMatchObject({
      code: 'metadata-unreachable',
    });
    expect([...cached.values()]).not.toContainEqual(utf8('bad'));
    expect(cached.has('metadata/timestamp.json')).toBe(false);
    asked.length = 0;
    await refresh({ repository, cache, pinnedRoot, now: NOW });
    expect(asked.filter((path) => /metadata\/1\.|federation/.test(path))).toEqual([]);
    expect(asked).toContain('metadata/timestamp.json');
  });

  it('REQ-REG-006 holds to expiry as TUF has it', async () => {
    const registry = await createSmallRegistry();
    const { cache, repository } = clientOf(registry);
    const { pinnedRoot } = registry;
    await expect(refresh({ repository, cache, pinnedRoot, now: later(1) })).rejects.toMatchObject({
      code: 'metadata-expired',
    });
    await expect(refresh({ repository, cache, pinnedRoot: undefined, now: NOW })).rejects.toMatchObject({
      code: 'no-trust-anchor',
    });
  });
});

import { equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUNDLE } from '../runtime/registry-files.ts';
import { over } from '../testing/hub.ts';
import {
  NOW,
  type PublishedBundle,
  publishedBundle,
  REFRESH_SECONDS,
  servedBundle,
  startVerifier,
} from '../testing/verifier-world.ts';
import { STATE } from './trust-memory.ts';

let published: PublishedBundle;
let [older, newer] = [utf8(''), utf8('')];
const LATER = addHours(NOW, 1);
beforeAll(async () => {
  published = await publishedBundle();
  older = published.bundle();
  await published.renew(LATER);
  newer = published.bundle();
});

let kept: MemoryStore;
let there = older;
let isDown = false;
beforeEach(() => {
  kept = memoryStore();
  there = older;
  isDown = false;
});
const source = () =>
  servedBundle(() => {
    if (isDown) throw new SymbolonError('metadata-unreachable');
    return there;
  });
const start = (found = source().find, now = NOW, store = kept) =>
  startVerifier(found, store, published.rootSha256, now);
const signedAt = (trust: Trust) => trust.registry.signedAt;
const events = ({ lines }: ReturnType<typeof start>) => lines.map(({ event }) => event);

describe('what verdicts rest on', () => {
  it('is opened once, and an unchanged bundle is not sent again', async () => {
    const found = source();
    const instance = start(found.find);
    const [first, second] = await Promise.all([instance.api.trust(NOW), instance.api.trust(NOW)]);
    expect(second).toBe(first);
    for (const minutes of [4, 6, 20])
      expect(await instance.api.trust(addSeconds(NOW, minutes * 60))).toBe(first);
    expect(found.sent()).toBe(1);
    expect(events(instance)).toEqual(['trust.renewed']);
  });

  it('is renewed by the first request that is due, which waits; those that come meanwhile do not', async () => {
    const found = source();
    const arrives = Promise.withResolvers<void>();
    let isSlow = false;
    const instance = start(async (etag) => {
      if (isSlow) await arrives.promise;
      return found.find(etag);
    });
    const first = await instance.api.trust(NOW);
    there = newer;
    isSlow = true;
    expect(await instance.api.trust(addSeconds(NOW, REFRESH_SECONDS - 1))).toBe(first);
    const due = instance.api.trust(addSeconds(NOW, REFRESH_SECONDS));
    expect(await instance.api.trust(addSeconds(NOW, REFRESH_SECONDS))).toBe(first);
    arrives.resolve();
    expect(signedAt(await due)).toBe(LATER);
  });

  it.each([10, 150, 310, 3600])(
    'is renewed where the function is frozen after each answer, with a request every %i seconds',
    async (every) => {
      const found = source();
      let isAwake = false;
      // What was under way when the function froze has run out of time when it goes on.
      const instance = start(async (etag) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (!isAwake) throw new SymbolonError('metadata-unreachable');
        return found.find(etag);
      });
      const ask = async (seconds: number) => {
        isAwake = true;
        const trust = await instance.api.trust(addSeconds(NOW, seconds));
        isAwake = false;
        await new Promise((resolve) => setImmediate(resolve));
        return trust;
      };
      expect(signedAt(await ask(0))).toBe(NOW);
      there = newer;
      const due = Math.ceil(REFRESH_SECONDS / every) * every;
      for (let seconds = every; seconds < due; seconds += every)
        expect(signedAt(await ask(seconds))).toBe(NOW);
      expect(signedAt(await ask(due))).toBe(LATER);
      expect(events(instance)).toEqual(['trust.renewed', 'trust.renewed']);
    },
  );

  it('a clock that ran ahead and was set back does not put off the next look', async () => {
    const instance = start(undefined, addHours(NOW, 48));
    await instance.api.trust(addHours(NOW, 48));
    there = newer;
    expect(signedAt(await instance.api.trust(LATER))).toBe(LATER);
  });
});

describe('REQ-BUN-003 an older bundle', () => {
  it('is refused, and the one at hand stays in use', async () => {
    there = newer;
    const instance = start(undefined, LATER);
    const first = await instance.api.trust(LATER);
    there = older;
    expect(await instance.api.trust(addHours(LATER, 1))).toBe(first);
    expect(instance.lines.at(-1)).toEqual({
      event: 'trust.absent',
      fields: { code: 'bundle-rollback', seconds: 3600, from: 'memory' },
    });
  });

  it('is refused after a cold start too, which goes on by the copy', async () => {
    there = newer;
    await start(undefined, LATER).api.trust(LATER);
    there = older;
    const cold = start(undefined, LATER);
    expect(signedAt(await cold.api.trust(LATER))).toBe(LATER);
    expect(cold.lines).toEqual([
      { event: 'trust.absent', fields: { code: 'bundle-rollback', seconds: 0, from: 'copy' } },
    ]);
  });

  it('is refused where another instance has seen a newer one, and what that one kept stays', async () => {
    const slow = start();
    await slow.api.trust(NOW);
    there = newer;
    await start(undefined, LATER).api.trust(LATER);
    const state = kept.files.get(STATE);
    there = older;
    expect(signedAt(await start(undefined, LATER).api.trust(LATER))).toBe(LATER);
    expect(kept.files.get(STATE)).toBe(state);
  });

  it('is refused by an instance whose stored memory was put back', async () => {
    await start().api.trust(NOW);
    const before = kept.files.get(STATE) ?? expect.unreachable();
    there = newer;
    const instance = start(undefined, LATER);
    const first = await instance.api.trust(LATER);
    await kept.replace(STATE, before, kept.files.get(STATE) ?? expect.unreachable());
    there = older;
    expect(await instance.api.trust(addHours(LATER, 1))).toBe(first);
  });
});

describe('a source that is silent or wrong', () => {
  it('REQ-REG-009 stops nobody: an instance goes on, and so does one that starts meanwhile', async () => {
    const instance = start();
    const first = await instance.api.trust(NOW);
    isDown = true;
    expect(await instance.api.trust(LATER)).toBe(first);
    const cold = start(undefined, LATER);
    expect(signedAt(await cold.api.trust(LATER))).toBe(NOW);
    expect([instance.lines.at(-1), cold.lines.at(-1)]).toEqual(
      ['memory', 'copy'].map((from) => ({
        event: 'trust.absent',
        fields: { code: 'metadata-unreachable', seconds: 3600, from },
      })),
    );
    isDown = false;
    there = newer;
    expect(signedAt(await cold.api.trust(addHours(LATER, 1)))).toBe(LATER);
  });

  it.each<[string, () => void, string]>([
    ['no bundle', () => (isDown = true), 'metadata-unreachable'],
    ['REQ-BUN-001 a damaged one', () => (there = utf8('no bundle')), 'bundle-malformed'],
  ])('%s and no copy: there is no trust, and it is not asked for again at once', async (_, spoil, code) => {
    spoil();
    const found = source();
    let asked = 0;
    const instance = start(async (etag) => {
      asked++;
      return found.find(etag);
    });
    for (const seconds of [0, 0, 4])
      await expect(instance.api.trust(addSeconds(NOW, seconds))).rejects.toMatchObject({ code });
    expect(asked).toBe(1);
    [there, isDown] = [older, false];
    expect(signedAt(await instance.api.trust(addSeconds(NOW, 5)))).toBe(NOW);
  });

  it('REQ-REG-013 the bundle of another federation is never used, whatever was kept', async () => {
    const other = await publishedBundle(LATER);
    const wrong = startVerifier(source().find, kept, 'a'.repeat(64));
    await expect(wrong.api.trust(NOW)).rejects.toMatchObject({ code: 'root-mismatch' });
    const instance = start();
    const first = await instance.api.trust(NOW);
    there = (await other.store.read('trust.bundle')) ?? expect.unreachable();
    // The same keys, other versions of the files that they signed.
    expect(equalBytes(there, older)).toBe(false);
    expect(await instance.api.trust(LATER)).toBe(first);
  });
});

describe('what is kept', () => {
  it('REQ-BUN-004 a state that cannot be read is not one to do without', async () => {
    await kept.create(STATE, utf8('{"pinnedRootSha256":'));
    await expect(start().api.trust(NOW)).rejects.toMatchObject({ code: 'trust-file-malformed' });
  });

  it('comes before anyone goes by it: nothing is used that could not be kept', async () => {
    const failing = async () => {
      throw new SymbolonError('storage-failed');
    };
    const store = { ...kept, ...over(kept, { create: failing }) };
    await expect(start(undefined, NOW, store).api.trust(NOW)).rejects.toMatchObject({
      code: 'storage-failed',
    });
  });

  it('instances that start at once overtake one another, and all come to the same', async () => {
    const instances = [older, newer, older, newer].map((bundle) =>
      start(servedBundle(() => bundle).find, LATER),
    );
    const trusts = await Promise.allSettled(instances.map(({ api }) => api.trust(LATER)));
    const { newestSignedAt } = JSON.parse(new TextDecoder().decode(kept.files.get(STATE)));
    expect(newestSignedAt).toBe(LATER);
    for (const each of trusts)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'bundle-rollback' });
    expect(signedAt(await start(servedBundle(() => newer).find, LATER).api.trust(LATER))).toBe(LATER);
  });

  /** A store of which one instance's writes of the copy wait for what the others do. */
  function slowedDown(before: 'read' | 'create', meanwhile: () => Promise<unknown>): MemoryStore {
    let isFirst = true;
    const wait = async (path: string) => {
      if (path !== BUNDLE || !isFirst) return;
      isFirst = false;
      await meanwhile();
    };
    return {
      ...kept,
      read: async (path) => {
        if (before === 'read') await wait(path);
        return kept.read(path);
      },
      create: async (path, bytes) => {
        if (before === 'create') await wait(path);
        await kept.create(path, bytes);
      },
    };
  }
  const silent = async () => {
    throw new SymbolonError('metadata-unreachable');
  };

  it.each(['read', 'create'] as const)(
    'REQ-REG-009 a slower instance (at %s) does not put an older copy over the newer one',
    async (before) => {
      const faster = start(servedBundle(() => newer).find, LATER);
      const store = slowedDown(before, () => faster.api.trust(LATER));
      await start(servedBundle(() => older).find, LATER, store).api.trust(LATER);
      expect(equalBytes(kept.files.get(BUNDLE) ?? older, newer)).toBe(true);
      expect(signedAt(await start(silent, LATER).api.trust(LATER))).toBe(LATER);
    },
  );

  it('REQ-REG-009 whose state is the newest keeps its copy, though a slower instance wrote one just before', async () => {
    const objects = memoryStore();
    const first = startVerifier(servedBundle(() => older).find, objects, published.rootSha256, NOW);
    await first.api.trust(NOW);
    const copy = objects.files.get(BUNDLE) ?? expect.unreachable();
    const store = slowedDown('create', () => kept.create(BUNDLE, copy));
    const instance = start(servedBundle(() => newer).find, LATER, store);
    await instance.api.trust(LATER);
    expect(equalBytes(kept.files.get(BUNDLE) ?? older, newer)).toBe(true);
    expect(events(instance)).toEqual(['trust.renewed']);
  });
});

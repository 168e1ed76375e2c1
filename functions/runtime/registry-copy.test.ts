import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import { addHours, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import { openBundle } from '@symbolon/registry/open-bundle';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foundedRegistry, resignRegistry } from '../testing/founded-registry.ts';
import { over } from '../testing/hub.ts';
import { followRegistryCopy, REGISTRY_COPY, writeRegistryCopy } from './registry-copy.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
let founded: { root: Bytes; store: MemoryStore };
let hub: MemoryStore;
let copies: MemoryStore;
let lines: unknown[];

beforeAll(async () => {
  founded = await foundedRegistry(NOW);
});
beforeEach(() => {
  hub = memoryStore(founded.store.files);
  copies = memoryStore();
  lines = [];
});

const kept = () => copies.files.get(REGISTRY_COPY) ?? expect.unreachable('there is no copy');
const signedAt = async () =>
  (await openBundle({ bundle: kept(), pinnedRoot: founded.root, now: NOW })).view.signedAt;
async function keep(from: MemoryStore, now: Instant, { root } = founded, into = over(copies, {})) {
  const published = await openDraft({ read: from.files, pinnedRoot: root, now });
  const step = await followRegistryCopy(into, published, toHex(sha256(root)), now, (event, fields) =>
    lines.push({ event, ...fields }),
  );
  return writeRegistryCopy(into, step);
}

describe("the region's own copy of the registry", () => {
  it('is a trust bundle without lists, which opens from the pinned root; nothing new, nothing written', async () => {
    expect(await keep(hub, NOW)).toBe(true);
    const { view, lists } = await openBundle({ bundle: kept(), pinnedRoot: founded.root, now: NOW });
    expect([Object.keys(view.regions).toSorted(), lists]).toEqual([['CN-BJ', 'CN-GD', 'CN-HA'], []]);
    const first = kept();
    expect(await keep(hub, addHours(NOW, 1))).toBe(false);
    expect(kept()).toBe(first);
  });

  it('REQ-REG-005 moves on with the registry, and an older registry does not overwrite it', async () => {
    await keep(hub, NOW);
    const later = addHours(NOW, 1);
    await resignRegistry(hub, founded.root, later);
    expect(await keep(hub, later)).toBe(true);
    expect(await signedAt()).toBe(later);
    await expect(keep(founded.store, later)).rejects.toMatchObject({ code: 'metadata-rollback' });
    expect(await signedAt()).toBe(later);
  });

  it.each(['no bundle', ''])('that is damaged (%j) is told and written over', async (text) => {
    await copies.create(REGISTRY_COPY, utf8(text));
    expect(await keep(hub, NOW)).toBe(true);
    expect(lines).toEqual([{ event: 'registry.copy-unusable', code: 'bundle-malformed' }]);
    expect(await signedAt()).toBe(NOW);
  });

  it('REQ-REG-013 of another federation is told and written over, whatever time it names', async () => {
    const later = addHours(NOW, 5);
    const other = await foundedRegistry(later);
    await keep(other.store, later, other);
    expect(await keep(hub, NOW)).toBe(true);
    expect(lines).toEqual([{ event: 'registry.copy-unusable', code: 'root-mismatch' }]);
    expect(await signedAt()).toBe(NOW);
  });

  it('REQ-REG-020 that another run wrote meanwhile stays', async () => {
    await keep(hub, NOW);
    const [stale, later] = [kept(), addHours(NOW, 2)];
    await resignRegistry(hub, founded.root, addHours(NOW, 1));
    const between = memoryStore(hub.files);
    await resignRegistry(hub, founded.root, later);
    await keep(hub, later);
    const slow = over(copies, { read: async () => stale });
    await expect(keep(between, later, founded, slow)).rejects.toMatchObject({ code: 'publication-conflict' });
    expect(await signedAt()).toBe(later);
  });
});

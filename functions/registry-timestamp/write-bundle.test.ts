import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, parseInstant } from '@symbolon/protocol/instant';
import type { MemoryStore } from '@symbolon/registry/memory-store';
import { openBundle } from '@symbolon/registry/open-bundle';
import { beforeAll, describe, expect, it } from 'vitest';
import { foundedRegistry } from '../testing/founded-registry.ts';
import type { ListSource } from './list-source.ts';
import { writeTrustBundle } from './write-bundle.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
let root: Bytes;
let store: MemoryStore;

beforeAll(async () => {
  ({ root, store } = await foundedRegistry(NOW));
});

const listsOf = (tokens: Record<string, string | Error>): ListSource => ({
  listsOf: async ({ region }) => {
    const token = tokens[region];
    if (token instanceof Error) throw token;
    return new Map(token === undefined ? [] : [['494763', token]]);
  },
});
const bundled = async () => {
  const bundle = await store.read('trust.bundle');
  if (bundle === undefined) return expect.unreachable();
  const { lists } = await openBundle({ bundle, pinnedRoot: root, now: NOW });
  return Object.fromEntries(lists.map(({ region, token }) => [region, token]));
};

describe('writing the trust bundle', () => {
  it('gathers the registry and the lists of every region', async () => {
    const written = await writeTrustBundle(store, root, listsOf({ 'CN-BJ': 'a1', 'CN-GD': 'b1' }), NOW);
    expect(written).toMatchObject({ regionsUnreachable: 0 });
    expect(await bundled()).toEqual({ 'CN-BJ': 'a1', 'CN-GD': 'b1' });
  });

  it("a region that is down keeps its last lists, and keeps no one else's news back", async () => {
    const down = listsOf({ 'CN-BJ': new SymbolonError('metadata-unreachable'), 'CN-GD': 'b2' });
    const written = await writeTrustBundle(store, root, down, addSeconds(NOW, 60));
    expect(written).toMatchObject({ regionsUnreachable: 1 });
    expect(await bundled()).toEqual({ 'CN-BJ': 'a1', 'CN-GD': 'b2' });
  });

  it('nothing new, nothing written: the same bytes keep their ETag', async () => {
    const before = await store.read('trust.bundle');
    await writeTrustBundle(store, root, listsOf({ 'CN-BJ': 'a1', 'CN-GD': 'b2' }), addSeconds(NOW, 120));
    expect(await store.read('trust.bundle')).toBe(before);
  });
});

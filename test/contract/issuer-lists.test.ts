import type { MintRecord } from '@symbolon/issuer/mint-record';
import type { EntryChange } from '@symbolon/issuer/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, at, LATER, NOW, type Started, together } from './issuer-adapters.ts';

const URI = 'https://a.test/lists/494763';

const mint = (subject: string, change: Partial<MintRecord> = {}): MintRecord => ({
  subject,
  scheme: 'health',
  decision: 1,
  level: 'green',
  rule: 'no-risk@1',
  authority: 'cdc',
  format: 'dc+sd-jwt',
  issuedAt: NOW,
  expiresAt: LATER,
  credentials: 1,
  entries: [{ idx: 5, uri: URI }],
  ...change,
});

describe.each(ADAPTERS)("the issuer's stores of mints and lists in %s", (_, start) => {
  let started: Started;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.stop());
  const stores = () => started.stores;
  const blocksOf = async (uri: string, expiresAt = LATER) => {
    const leased = await together(50, (i) => stores().lists.lease({ uri, expiresAt, seed: `seed-${i}` }, 40));
    return leased.flatMap((each) => (each === undefined ? [] : [each]));
  };

  it('mints that live are found with their ids and entries, for one scheme or for all', async () => {
    const { mints } = stores();
    await mints.record('m1', mint('s1'));
    await mints.record('m1', mint('s1'));
    await mints.record('m2', mint('s1', { expiresAt: NOW }));
    await mints.record('m3', mint('s1', { scheme: 'test', entries: [] }));
    // The same mint, for the one that this subject was merged into.
    await mints.record('m1', mint('s2'));
    const one = { ...mint('s1'), id: 'm1' };
    const two = { ...mint('s1', { scheme: 'test', entries: [] }), id: 'm3' };
    expect(await mints.living('s1', 'health', NOW)).toEqual([one]);
    expect(await mints.living('s1', 'health', LATER)).toEqual([]);
    const all = await mints.living('s1', undefined, NOW);
    expect(all.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([one, two]);
    expect(await mints.living('s2', undefined, NOW)).toEqual([{ ...mint('s2'), id: 'm1' }]);
    expect(await mints.living('s3', undefined, NOW)).toEqual([]);
  });

  it('a mint comes back with everything that it says: when the sample was taken, and its format', async () => {
    const { mints } = stores();
    const full = mint('full', { sampledAt: at(-4321), format: 'ldp_vc' });
    await mints.record('m1', full);
    await mints.record('m2', mint('full'));
    const found = await mints.living('full', 'health', NOW);
    expect(found.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { ...full, id: 'm1' },
      { ...mint('full'), id: 'm2' },
    ]);
    expect(found.find(({ id }) => id === 'm2')).not.toHaveProperty('sampledAt');
  });

  it('mints are found to the end, beyond one page', async () => {
    const { mints } = stores();
    const entries = Array.from({ length: 200 }, (_each, idx) => ({ idx, uri: URI }));
    await together(150, (i) => mints.record(`m${i}`, mint('many', { entries })));
    expect(new Set((await mints.living('many', 'health', NOW)).map(({ id }) => id)).size).toBe(150);
  });

  it('REQ-ISS-016 50 writers at once get a block each, no block twice and none beyond the last', async () => {
    const leased = await blocksOf(URI);
    expect(leased.map(({ block }) => block).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_each, block) => block),
    );
    // All go by the seed of the one who came first.
    expect(new Set(leased.map(({ seed }) => seed)).size).toBe(1);
    expect(await stores().lists.lists(NOW)).toEqual([
      { uri: URI, expiresAt: LATER, seed: leased[0]?.seed, leased: 40 },
    ]);
    expect(await stores().lists.lease({ uri: URI, expiresAt: LATER, seed: 'other' }, 40)).toBeUndefined();
    expect(await stores().lists.lists(LATER)).toEqual([]);
  });

  it('REQ-ISS-016 a list of no blocks leases none, and is none', async () => {
    const uri = 'https://a.test/lists/0';
    expect(await stores().lists.lease({ uri, expiresAt: LATER, seed: 'seed' }, 0)).toBeUndefined();
    expect((await stores().lists.lists(NOW)).map((list) => list.uri)).not.toContain(uri);
  });

  it('REQ-ISS-016 a list keeps its expiry: an entry that would outlive it is refused', async () => {
    const uri = 'https://a.test/lists/494764';
    await stores().lists.lease({ uri, expiresAt: LATER, seed: 'seed' }, 40);
    await expect(stores().lists.lease({ uri, expiresAt: at(7200), seed: 'seed' }, 40)).rejects.toThrow();
    const stored = (await stores().lists.lists(NOW)).find((list) => list.uri === uri);
    expect(stored?.expiresAt).toBe(LATER);
  });

  it('each change sets or clears one flag; what was revoked stays revoked', async () => {
    const { lists } = stores();
    const entry = { idx: 77, uri: 'https://a.test/lists/1' };
    expect(await lists.flagged(entry.uri)).toEqual([]);
    expect(await lists.flags(entry)).toEqual({ revoked: false, suspended: false, contested: false });
    const steps: readonly (readonly [EntryChange, readonly string[]])[] = [
      ['suspend', ['suspended']],
      ['contest', ['suspended', 'contested']],
      ['restore', ['contested']],
      ['revoke', ['revoked', 'contested']],
      ['settle', ['revoked']],
      ['restore', ['revoked']],
      ['suspend', ['revoked', 'suspended']],
    ];
    for (const [change, said] of steps) {
      await lists.flag(entry, change, LATER);
      const flags = Object.fromEntries(
        ['revoked', 'suspended', 'contested'].map((name) => [name, said.includes(name)]),
      );
      expect(await lists.flagged(entry.uri)).toEqual([{ idx: 77, ...flags }]);
      expect(await lists.flags(entry)).toEqual(flags);
    }
    // Neither its neighbour nor the same index of another list has anything said of it.
    const nothing = { revoked: false, suspended: false, contested: false };
    expect(await lists.flags({ ...entry, idx: 78 })).toEqual(nothing);
    expect(await lists.flags({ ...entry, uri: `${entry.uri}-1` })).toEqual(nothing);
  });

  it('of 50 changes of one entry at once none is lost', async () => {
    const { lists } = stores();
    const uri = 'https://a.test/lists/2';
    const changes: readonly EntryChange[] = ['revoke', 'suspend', 'contest', 'contest', 'suspend'];
    await together(50, (i) => lists.flag({ idx: 3, uri }, changes[i % 5] ?? 'revoke', LATER));
    expect(await lists.flagged(uri)).toEqual([{ idx: 3, revoked: true, suspended: true, contested: true }]);
  });

  it('every entry of a list of which something is said is found, and none of another list', async () => {
    const { lists } = stores();
    // One address begins as the other one does.
    const [uri, longer] = ['https://a.test/lists/3', 'https://a.test/lists/3-1'];
    for (let from = 0; from < 500; from += 50)
      await together(50, (i) => lists.flag({ idx: (from + i) * 2097, uri }, 'suspend', LATER));
    await lists.flag({ idx: 1, uri: longer }, 'revoke', LATER);
    const found = (await lists.flagged(uri)).toSorted((a, b) => a.idx - b.idx);
    expect(found).toEqual(
      Array.from({ length: 500 }, (_each, i) => ({
        idx: i * 2097,
        revoked: false,
        suspended: true,
        contested: false,
      })),
    );
    expect((await lists.flagged(longer)).map(({ idx }) => idx)).toEqual([1]);
  });
});

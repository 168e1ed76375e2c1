import { issueBitstringList } from '@symbolon/credential/bitstring-list';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { MemoryStore } from '@symbolon/registry/memory-store';
import { openBundle } from '@symbolon/registry/open-bundle';
import { issueStatusListToken } from '@symbolon/status/issue';
import { beforeAll, describe, expect, it } from 'vitest';
import { foundedRegistry } from '../testing/founded-registry.ts';
import { type ListSource, writeTrustBundle } from './trust-bundle.ts';

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

describe('REQ-STA-009 a list that is older than the one in the last bundle', () => {
  const listAt = async (issuedAt: Instant, seed = 'CN-BJ status', readableHours = 98) =>
    issueStatusListToken({
      uri: 'https://cn-bj.symbolon.test/lists/494763',
      bits: 2,
      entries: new Uint8Array(8),
      issuedAt,
      expiresAt: addHours(issuedAt, readableHours),
      ttlSeconds: 300,
      signer: await createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed)),
    });
  const bundledAfter = async (tokens: readonly string[], now: Instant = NOW) => {
    for (const token of tokens) await writeTrustBundle(store, root, listsOf({ 'CN-BJ': token }), now);
    return (await bundled())['CN-BJ'];
  };

  it('does not replace it; a newer one does', async () => {
    const [old, recent, newest] = [
      await listAt(addSeconds(NOW, -90)),
      await listAt(addSeconds(NOW, -60)),
      await listAt(NOW),
    ];
    expect(await bundledAfter([recent, old])).toBe(recent);
    expect(await bundledAfter([old])).toBe(recent);
    expect(await bundledAfter([newest])).toBe(newest);
  });

  it('replaces one that the region did not sign, whatever time that names', async () => {
    const [genuine, madeUp] = [
      await listAt(addSeconds(NOW, -60)),
      await listAt(addSeconds(NOW, 20), 'attacker'),
    ];
    expect(await bundledAfter(['no list', madeUp, genuine])).toBe(genuine);
  });

  it('replaces one that lies in the future, and one that may not be read any more', async () => {
    const [genuine, early] = [await listAt(addSeconds(NOW, -60)), await listAt(addHours(NOW, 1))];
    expect(await bundledAfter(['no list', early, genuine])).toBe(genuine);
    const ended = await listAt(addSeconds(NOW, -30), 'CN-BJ status', 1);
    expect(await bundledAfter(['no list', ended, genuine])).toBe(ended);
    expect(await bundledAfter([genuine], addHours(NOW, 1))).toBe(genuine);
  });
});

describe('REQ-STA-009 a Bitstring list that is older than the one in the last bundle', () => {
  const ID = '494770.revocation';
  const source = (text: string): ListSource => ({
    listsOf: async ({ region }) => new Map(region === 'CN-BJ' ? [[ID, text]] : []),
  });
  const listAt = async (issuedAt: Instant, seed = 'CN-BJ status', readableHours = 98) => {
    const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));
    return issueBitstringList({
      did: 'did:web:cn-bj.symbolon.test',
      kid: signer.kid,
      uri: `https://cn-bj.symbolon.test/lists/${ID}`,
      purpose: 'revocation',
      encodedList: 'uAAAA',
      issuedAt,
      expiresAt: addHours(issuedAt, readableHours),
      ttlSeconds: 300,
      signer,
    });
  };
  const bundledAfter = async (texts: readonly string[], now: Instant = NOW) => {
    for (const text of texts) await writeTrustBundle(store, root, source(text), now);
    return (await bundled())['CN-BJ'];
  };

  it('does not replace it; a newer one does', async () => {
    const [old, recent, newest] = [
      await listAt(addSeconds(NOW, -90)),
      await listAt(addSeconds(NOW, -60)),
      await listAt(NOW),
    ];
    expect(await bundledAfter([recent, old])).toBe(recent);
    expect(await bundledAfter([newest])).toBe(newest);
  });

  it('replaces one that no verifier would read: not the region’s, of the future, or ended', async () => {
    const genuine = await listAt(addSeconds(NOW, -60));
    const others = [
      await listAt(addSeconds(NOW, 20), 'attacker'),
      await listAt(addSeconds(NOW, 20), 'CN-BJ credential'),
      await listAt(addHours(NOW, 1)),
    ];
    for (const other of others) expect(await bundledAfter(['no list', other, genuine])).toBe(genuine);
    const ended = await listAt(addSeconds(NOW, -30), 'CN-BJ status', 1);
    expect(await bundledAfter(['no list', ended, genuine])).toBe(ended);
    expect(await bundledAfter([genuine], addHours(NOW, 1))).toBe(genuine);
  });
});

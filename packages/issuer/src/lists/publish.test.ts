import { parseBitstringList, verifyBitstringList } from '@symbolon/credential/bitstring-list';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { verifySignature } from '@symbolon/keys/signature';
import { addHours, addSeconds, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { decodeBitstring, isSetAt } from '@symbolon/status/bitstring';
import { openCompactList, parseCompactList } from '@symbolon/status/compact-list';
import { decoysOf } from '@symbolon/status/decoys';
import { statusAt } from '@symbolon/status/status-list';
import { STATUS } from '@symbolon/status/status-value';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryChange, ListStore } from '../ports.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import {
  NOW,
  SAMPLE_ISSUER,
  type SamplePublication,
  samplePublication,
} from '../testing/sample-publication.ts';
import { entryAllocator } from './entry-allocator.ts';
import { readListSeed } from './list-seed.ts';
import { type PublishSettings, publishLists } from './publish.ts';

const HOUR = hourFloor(NOW);
const EXPIRES = addHours(HOUR, 24);
const random = insecureRandomFromSeed('publish');
let sample: SamplePublication;
let stores: MemoryStores;
let settings: PublishSettings;

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
  settings = {
    signer: sample.signers[1],
    listEntries: 256,
    ttlSeconds: 300,
    resignSeconds: 3600,
    readableSeconds: 98 * 3600,
    issuer: SAMPLE_ISSUER,
    did: sample.publication.region.did,
    aheadHours: 4,
    lifeHours: 24,
    bitstring: false,
  };
});

const publish = (now = NOW, more: Partial<PublishSettings> = {}) =>
  publishLists(stores, { ...settings, ...more }, now);
const nameOf = (expiresAt: number) => String(expiresAt / 3600);
const take = async (count: number, expiresAt = EXPIRES, listEntries = 256): Promise<StatusEntry[]> =>
  entryAllocator({ lists: stores.lists, random, listEntries }).take(SAMPLE_ISSUER, expiresAt, count);
const flag = async (entry: StatusEntry | undefined, ...changes: EntryChange[]) => {
  if (entry === undefined) throw new Error('no entry');
  for (const change of changes) await stores.lists.flag(entry, change, EXPIRES);
};
const tokenList = async (name: string) =>
  openStatusListToken(parseStatusListToken(stores.publisher.files.get(name) ?? ''));
const bitstring = async (name: string) => {
  const parsed = parseBitstringList(stores.publisher.files.get(name) ?? '');
  expect(await verifyBitstringList(parsed, settings.signer.publicJwk)).toBe(true);
  return decodeBitstring(parsed.encodedList);
};

describe('publishing status lists', () => {
  it('publishes the lists of the coming hours before their first credential, so that an older bundle has them', async () => {
    expect(await publish()).toEqual({ lists: 4, published: 4 });
    const next = nameOf(addHours(HOUR, 1));
    expect(stores.publisher.index()).toContain(next);
    const { claims } = parseStatusListToken(stores.publisher.files.get(next) ?? '');
    expect(claims).toMatchObject({ sub: `${SAMPLE_ISSUER}/lists/${next}`, iat: NOW, ttl: 300 });
  });

  it('publishes again only what changed or grows old, or whose key changed', async () => {
    // A list so near to its end that no decoy moves within these minutes.
    const expiresAt = addHours(HOUR, 1);
    const [entry] = await take(1, expiresAt);
    const quiet = { lifeHours: 1_000_000 };
    await publish(NOW, quiet);
    expect(await publish(addSeconds(NOW, 60), quiet)).toEqual({ lists: 4, published: 0 });
    await flag(entry, 'revoke');
    expect(await publish(addSeconds(NOW, 180), quiet)).toEqual({ lists: 4, published: 1 });
    expect(statusAt(await tokenList(nameOf(expiresAt)), entry?.idx ?? -1)).toBe(STATUS.INVALID);
    const rotated = { ...quiet, signer: sample.signers[2] };
    expect(await publish(addSeconds(NOW, 240), rotated)).toEqual({ lists: 4, published: 4 });
    expect((await publish(addSeconds(NOW, 240 + 3599), rotated)).published).toBe(1);
    expect((await publish(addSeconds(NOW, 240 + 3600), rotated)).published).toBe(3);
  });

  it('what changes within the second of a publication shows in the next one, with a later time', async () => {
    const expiresAt = addHours(HOUR, 1);
    const [entry] = await take(1, expiresAt);
    const quiet = { lifeHours: 1_000_000 };
    await publish(NOW, quiet);
    await flag(entry, 'suspend');
    expect(await publish(NOW, quiet)).toEqual({ lists: 4, published: 1 });
    expect(statusAt(await tokenList(nameOf(expiresAt)), entry?.idx ?? -1)).toBe(STATUS.SUSPENDED);
    const { claims } = parseStatusListToken(stores.publisher.files.get(nameOf(expiresAt)) ?? '');
    expect(claims.iat).toBe(NOW + 1);
  });

  it('a published file that cannot be read any more is published anew', async () => {
    await publish();
    await stores.publisher.publish(nameOf(addHours(HOUR, 2)), 'cut o');
    expect(await publish(addSeconds(NOW, 60))).toEqual({ lists: 4, published: 1 });
  });

  it('an overflow list is published when it is used, and not before', async () => {
    await take(64 * 3 + 1);
    await publish();
    expect(stores.publisher.index().filter((name) => name.includes('-'))).toEqual([`${nameOf(EXPIRES)}-1`]);
    expect(stores.publisher.files.has(`${nameOf(EXPIRES)}-2`)).toBe(false);
  });

  it('a list keeps the size with which it began', async () => {
    await take(1, EXPIRES, 512);
    await publish();
    expect((await tokenList(nameOf(EXPIRES))).size).toBe(512);
  });
});

describe('two forms of one state', () => {
  it('a token list and two Bitstring lists say the same of every entry, by precedence; contested is in the token list only', async () => {
    const entries = await take(7);
    await flag(entries[0], 'revoke', 'suspend', 'contest');
    await flag(entries[1], 'suspend', 'contest');
    await flag(entries[2], 'contest');
    await flag(entries[3], 'suspend', 'restore');
    await flag(entries[4], 'revoke', 'restore', 'settle');
    await flag(entries[5], 'contest', 'settle');
    const now = addHours(EXPIRES, -1);
    await publish(now, { bitstring: true });
    const name = nameOf(EXPIRES);
    const token = await tokenList(name);
    const values = entries.map(({ idx }) => statusAt(token, idx));
    const { INVALID, SUSPENDED, CONTESTED, VALID } = STATUS;
    expect(values).toEqual([INVALID, SUSPENDED, CONTESTED, VALID, INVALID, VALID, VALID]);
    const revocation = await bitstring(`${name}.revocation`);
    const suspension = await bitstring(`${name}.suspension`);
    let decoys = 0;
    for (let idx = 0; idx < 256; idx++) {
      const value = statusAt(token, idx);
      expect(isSetAt(revocation, idx)).toBe(value === INVALID);
      expect(isSetAt(suspension, idx)).toBe(value === SUSPENDED);
      if (value !== VALID && !entries.some((entry) => entry.idx === idx)) decoys++;
    }
    expect(decoys).toBeGreaterThan(0);
  });

  it('Bitstring lists are published for the hours that a new credential can have, with the token and never after it', async () => {
    const order: string[] = [];
    const { publish: store } = stores.publisher;
    stores.publisher.publish = async (id, text) => {
      order.push(id);
      await store(id, text);
    };
    await publish(NOW, { bitstring: true, lifeHours: 2 });
    const [one, two, three] = [1, 2, 3].map((hours) => nameOf(addHours(HOUR, hours)));
    expect(order.slice(0, 6)).toEqual([
      `${one}.revocation`,
      `${one}.suspension`,
      one,
      `${two}.revocation`,
      `${two}.suspension`,
      two,
    ]);
    expect(stores.publisher.files.has(`${three}.revocation`)).toBe(false);
    // For bundles, which carry tokens only.
    expect(stores.publisher.index().some((name) => name.includes('.'))).toBe(false);
    order.length = 0;
    expect(await publish(addSeconds(NOW, 60), { bitstring: true, lifeHours: 2 })).toMatchObject({
      published: 0,
    });
  });

  it('REQ-STA-009 a run that broke off between the forms is made good by the next: all of one time', async () => {
    await publish(NOW, { bitstring: true });
    const { publish: store } = stores.publisher;
    let writes = 0;
    stores.publisher.publish = async (id, text) => {
      if (++writes === 2) throw new Error('storage is gone');
      await store(id, text);
    };
    const later = addHours(NOW, 1);
    await expect(publish(later, { bitstring: true })).rejects.toThrow('storage is gone');
    stores.publisher.publish = store;
    const last = addSeconds(later, 60);
    await publish(last, { bitstring: true });
    const name = nameOf(addHours(hourFloor(later), 1));
    const times = ['.revocation', '.suspension'].map(
      (purpose) => parseBitstringList(stores.publisher.files.get(name + purpose) ?? '').issuedAt,
    );
    expect(times).toEqual([last, last]);
    expect(parseStatusListToken(stores.publisher.files.get(name) ?? '').claims.iat).toBe(last);
  });
});

describe('the compact form', () => {
  const compactOf = (name: string) => parseCompactList(stores.publisher.files.get(`${name}.compact`) ?? '');

  it('REQ-STA-009 is published when a setting says so, before its token, of one state and time, and is not announced', async () => {
    const entries = await take(4);
    await flag(entries[0], 'revoke');
    await flag(entries[1], 'suspend');
    await flag(entries[2], 'contest');
    await publish(NOW, { aheadHours: 1 });
    expect([...stores.publisher.files.keys()].some((name) => name.endsWith('.compact'))).toBe(false);
    const order: string[] = [];
    const { publish: store } = stores.publisher;
    stores.publisher.publish = async (id, text) => {
      order.push(id);
      await store(id, text);
    };
    // The tokens are current, but what is wanted beside them is missing.
    const now = addSeconds(NOW, 60);
    const more = { aheadHours: 1, compact: true };
    expect(await publish(now, more)).toEqual({ lists: 2, published: 2 });
    const [used, next] = [nameOf(EXPIRES), nameOf(addHours(HOUR, 1))];
    expect(order).toEqual([`${used}.compact`, used, `${next}.compact`, next]);
    expect(stores.publisher.index()).toEqual([next, used].toSorted());

    const compact = compactOf(used);
    const { claims } = parseStatusListToken(stores.publisher.files.get(used) ?? '');
    const { sub, iat, exp, ttl } = claims;
    expect(compact.claims).toEqual({ sub, iat, exp, ttl, entries: 256 });
    expect(iat).toBe(now);
    const { publicJwk } = settings.signer;
    expect(await verifySignature(publicJwk, compact.signingInput, compact.signature)).toBe(true);
    const token = await tokenList(used);
    const values = [...openCompactList(compact)];
    expect(values).toEqual(Array.from({ length: 256 }, (_, idx) => statusAt(token, idx)));
    expect(entries.map(({ idx }) => values[idx])).toEqual([1, 2, 3, 0]);
    expect(await publish(addSeconds(NOW, 90), more)).toMatchObject({ published: 0 });
  });

  it.each(['gone', 'cut o', 'older'])(
    'REQ-STA-009 where it is %s, it is published anew with its token',
    async (what) => {
      const more = { aheadHours: 1, compact: true };
      await publish(addSeconds(NOW, -60), more);
      const name = nameOf(addHours(HOUR, 1));
      const old = stores.publisher.files.get(`${name}.compact`) ?? '';
      await publish(addHours(NOW, 0), { ...more, resignSeconds: 1 });
      const files = new Map(stores.publisher.files);
      if (what === 'gone') files.delete(`${name}.compact`);
      else files.set(`${name}.compact`, what === 'older' ? old : what);
      const publisher = { ...stores.publisher, read: async (id: string) => files.get(id) };
      const now = addSeconds(NOW, 60);
      const run = await publishLists({ ...stores, publisher }, { ...settings, ...more }, now);
      expect(run).toEqual({ lists: 1, published: 1 });
      expect(compactOf(name).claims.iat).toBe(now);
      expect(parseStatusListToken(stores.publisher.files.get(name) ?? '').claims.iat).toBe(now);
    },
  );
});

describe('two runs at once', () => {
  /** A run that has read its state when `meanwhile` happens. */
  const slowRun = async (now: Instant, meanwhile: () => Promise<unknown>, more: Partial<PublishSettings>) => {
    let happened = false;
    const slow: ListStore = {
      ...stores.lists,
      flagged: async (uri) => {
        const found = await stores.lists.flagged(uri);
        if (!happened) {
          happened = true;
          await meanwhile();
        }
        return found;
      },
    };
    return publishLists({ ...stores, lists: slow }, { ...settings, aheadHours: 0, ...more }, now);
  };

  it.each([
    { bitstring: false, ahead: 200 },
    { bitstring: true, ahead: 200 },
    { bitstring: true, ahead: 0 },
  ])(
    'REQ-STA-009 a slow one leaves what one that began $ahead s later has published (Bitstring lists: $bitstring)',
    async ({ bitstring, ahead }) => {
      const more = { bitstring, aheadHours: 0 };
      const [entry] = await take(1);
      await publish(addSeconds(NOW, -300), more);
      const before = new Map(stores.publisher.files);
      let newer = new Map<string, string>();
      const meanwhile = async () => {
        await flag(entry, 'revoke');
        expect(await publish(addSeconds(NOW, ahead), more)).toEqual({ lists: 1, published: 1 });
        newer = new Map(stores.publisher.files);
      };
      // It would sign anew what it read: that nothing is revoked.
      const result = await slowRun(NOW, meanwhile, { ...more, resignSeconds: 1 });
      expect(result).toEqual({ lists: 1, published: 0 });
      expect(newer).not.toEqual(before);
      expect(newer.size).toBe(bitstring ? 3 : 1);
      expect(stores.publisher.files).toEqual(newer);
      expect(statusAt(await tokenList(nameOf(EXPIRES)), entry?.idx ?? -1)).toBe(STATUS.INVALID);
    },
  );

  it('REQ-STA-009 one that is overtaken between two forms stops there, and the next run makes the three one again', async () => {
    const more = { bitstring: true, aheadHours: 0, lifeHours: 1_000_000 };
    const [entry] = await take(1);
    await publish(addSeconds(NOW, -300), more);
    const { publish: store } = stores.publisher;
    let writes = 0;
    stores.publisher.publish = async (id, text) => {
      await store(id, text);
      if (++writes !== 1) return;
      await flag(entry, 'revoke');
      await publish(addSeconds(NOW, 200), more);
    };
    // It has written one Bitstring list when the other run comes.
    expect(await publish(NOW, { ...more, resignSeconds: 1 })).toEqual({ lists: 1, published: 0 });
    expect(writes).toBe(4);
    const name = nameOf(EXPIRES);
    const times = ['.revocation', '.suspension'].map(
      (purpose) => parseBitstringList(stores.publisher.files.get(name + purpose) ?? '').issuedAt,
    );
    expect(times).toEqual([addSeconds(NOW, 200), addSeconds(NOW, 200)]);
    expect(parseStatusListToken(stores.publisher.files.get(name) ?? '').claims.iat).toBe(
      addSeconds(NOW, 200),
    );
    expect(await publish(addSeconds(NOW, 260), more)).toEqual({ lists: 1, published: 0 });
  });
});

describe('decoys in published lists', () => {
  it('move alone, so that a list that changed proves no withdrawal, and are never an entry that somebody has', async () => {
    const entries = await take(64 * 3);
    const [record] = await stores.lists.lists(NOW);
    const { seed, entries: size } = readListSeed(record?.seed ?? '');
    const decoys = decoysOf({ seed, size, expiresAt: EXPIRES, lifeHours: 24 });
    const taken = new Set(entries.map(({ idx }) => idx));
    expect(decoys.some(({ index }) => taken.has(index))).toBe(false);
    const changed: boolean[] = [];
    let before: Uint8Array | undefined;
    for (let step = 0; step < 24 * 12; step++) {
      await publish(addSeconds(HOUR, step * 300), { resignSeconds: 99 * 3600, aheadHours: 0 });
      const { bytes } = await tokenList(nameOf(EXPIRES));
      changed.push(before !== undefined && bytes.some((byte, i) => byte !== before?.[i]));
      before = bytes;
    }
    expect(changed.filter(Boolean).length).toBeGreaterThanOrEqual(decoys.length - 1);
  });
});

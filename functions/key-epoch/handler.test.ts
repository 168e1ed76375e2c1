import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EPOCH_USES, type EpochKeys } from '@symbolon/issuer/ports';
import { sha256 } from '@symbolon/keys/digest';
import { sealKeyFile } from '@symbolon/keys/key-file';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, DAY_SECONDS, type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { publish } from '@symbolon/registry/ceremony/publish';
import { signingOrder } from '@symbolon/registry/epochs';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openBundle } from '@symbolon/registry/open-bundle';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../runtime/clock.ts';
import type { LogCatalogue } from '../runtime/log.ts';
import { REGISTRY_COPY } from '../runtime/registry-copy.ts';
import { resignRegistry } from '../testing/founded-registry.ts';
import { type Hub, over, seeded, startHub } from '../testing/hub.ts';
import { type MemoryEpochKeys, memoryEpochKeys } from '../testing/memory-epoch-keys.ts';
import type { KeyEpoch } from './dependencies.ts';
import { handler, runKeyEpoch } from './handler.ts';
import { keepCopy } from './keep-copy.ts';
import { httpPublisher } from './publisher.ts';
import { LAST_SIGNED, type SigningMemory, signingMemory } from './signing-memory.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
const LEAD_HOURS = 96;
let hub: Hub;
let keys: MemoryEpochKeys;
let lines: { event: keyof LogCatalogue; fields: object }[];
let world: KeyEpoch;
/** Where the bucket of wrapped keys holds what was signed last, and the copy. */
let region: MemoryStore;

beforeEach(async () => {
  hub = await startHub(NOW);
  keys = memoryEpochKeys();
  region = memoryStore();
  lines = [];
  world = {
    region: 'CN-BJ',
    epochHours: 168,
    keys,
    holder: await seeded('CN-BJ keys'),
    published: () => hub.draft(),
    keepCopy: async () => undefined,
    memory: remembering(),
    publisher: httpPublisher(hub.publishUrl),
    clock: () => hub.now,
    log: (event, fields) => lines.push({ event, fields }),
  };
});
afterEach(() => hub.stop());

function remembering(store: ObjectStore = region): SigningMemory {
  return signingMemory(store, 'CN-BJ.keys');
}
/** As it is deployed: the region keeps a copy. */
const copying: KeyEpoch['keepCopy'] = (published, now) =>
  keepCopy(region, {
    published,
    rootSha256: toHex(sha256(hub.root)),
    region: 'CN-BJ',
    now,
    log: world.log,
  });
/** Time passes, and the hub says each hour that it is current. */
async function until(time: Instant): Promise<void> {
  hub.now = time;
  await resignRegistry(hub.store, hub.root, time);
}
const run = (other: Partial<KeyEpoch> = {}) => runKeyEpoch({ ...world, ...other }, hub.now);
const entries = async (): Promise<readonly RegionKey[]> =>
  (await hub.draft()).base?.view.regions['CN-BJ']?.keys ?? expect.unreachable();
const storedKids = () => [...keys.stored.keys()].map((path) => path.slice(path.indexOf('/') + 1));
const roleExpiry = async () => (await hub.draft()).roles.get('CN-BJ.keys')?.signed.expires ?? 0;
const posts = () => hub.lines.filter(({ event }) => event === 'publication.made').length;

/** Someone publishes a change that the keys role signs. */
async function byHand(change: Change): Promise<void> {
  const draft = await hub.draft();
  const event = await proposeEvent(draft, [change], { title: 'by hand', now: hub.now });
  expect(await world.publisher.publish(await signEvent(event, draft, [world.holder]))).toBe(201);
}

describe('a run', () => {
  it('publishes the next key of each use, whose private half is stored, and the second run does nothing', async () => {
    const before = await entries();
    await run();
    const added = (await entries()).filter(({ kid }) => !before.some((key) => key.kid === kid));
    expect(added.map(({ use }) => use)).toEqual([...EPOCH_USES]);
    expect(storedKids()).toEqual(added.map(({ kid }) => kid));
    for (const { notBefore } of added)
      expect(notBefore).toBeGreaterThanOrEqual(addHours(hub.now, LEAD_HOURS));
    expect(lines).toEqual([
      { event: 'epochs.checked', fields: { due: 2, made: 2, forgotten: 0 } },
      { event: 'keys.published', fields: { status: 201 } },
    ]);
    await run();
    expect([keys.made(), posts(), lines.at(-1)]).toEqual([
      2,
      1,
      { event: 'epochs.checked', fields: { due: 0, made: 0, forgotten: 0 } },
    ]);
  });

  it('REQ-KEY-005 deletes the private half of a revoked key at once, and publishes another', async () => {
    await run();
    const [credential] = (await entries()).filter(({ kid }) => storedKids().includes(kid));
    const kid = credential?.kid ?? expect.unreachable();
    await byHand({ change: 'revoke-key', region: 'CN-BJ', kid, since: NOW, reason: 'leaked' });
    await run();
    expect(storedKids()).not.toContain(kid);
    expect((await entries()).filter(({ use }) => use === 'credential')).toHaveLength(3);
    expect(lines.at(-2)).toEqual({ event: 'epochs.checked', fields: { due: 1, made: 1, forgotten: 1 } });
  });

  it('REQ-KEY-006 publishes no key that does not open, whoever stored it, and deletes it', async () => {
    keys.stored.set('credential/AAAAAAAAAAA', undefined);
    await run();
    expect((await entries()).map(({ kid }) => kid)).not.toContain('AAAAAAAAAAA');
    expect(storedKids()).not.toContain('AAAAAAAAAAA');
    expect(lines[0]).toEqual({
      event: 'key.unopened',
      fields: { kid: 'AAAAAAAAAAA', code: 'key-malformed' },
    });
  });

  it('REQ-REG-017 signs keys.json anew when it has less than 11 of its 14 days left, and not before', async () => {
    await run();
    const [published, expiry] = [posts(), await roleExpiry()];
    await until(addHours(NOW, 3 * 24 - 1));
    await run();
    expect([posts(), await roleExpiry()]).toEqual([published, expiry]);
    await until(addHours(NOW, 3 * 24 + 1));
    await run();
    expect(posts()).toBe(published + 1);
    expect(await roleExpiry()).toBe(hub.now + 14 * DAY_SECONDS);
  });

  it('REQ-CER-005 leaves a region alone that has stopped issuing', async () => {
    const first = (await entries()).find(({ use }) => use === 'credential') ?? expect.unreachable();
    const { kid } = first;
    const change = {
      change: 'revoke-key',
      region: 'CN-BJ',
      kid,
      since: NOW,
      reason: 'closed',
      leaveNone: true,
    } as const;
    await byHand(change);
    await run();
    expect([keys.made(), lines.at(-1)]).toEqual([
      0,
      { event: 'epochs.checked', fields: { due: 0, made: 0, forgotten: 0 } },
    ]);
  });

  it.each([
    [
      'a hub that is down',
      'metadata-unreachable',
      async () => {
        const draft = await hub.draft();
        hub.isDown = true;
        return { published: async () => draft };
      },
    ],
    ['a region that nobody delegates', 'region-unknown', async () => ({ region: 'CN-XX' })],
    [
      'a key that does not hold the role',
      'signer-unknown',
      async () => ({ holder: await seeded('stranger') }),
    ],
  ] as const)('%s is a failure, and nothing that was made is lost', async (_, code, prepare) => {
    await expect(run(await prepare())).rejects.toMatchObject({ code });
    hub.isDown = false;
    const made = keys.made();
    await run();
    expect([keys.made(), (await entries()).length]).toEqual([Math.max(2, made), 4]);
  });
});

describe("REQ-REG-009 the region's own copy of the registry", () => {
  it('a run that cannot keep it renews keys all the same, and fails', async () => {
    const full = async () => new SymbolonError('storage-failed');
    await expect(run({ keepCopy: full })).rejects.toMatchObject({ code: 'storage-failed' });
    expect([posts(), lines[0]]).toEqual([
      1,
      { event: 'registry.copy-failed', fields: { code: 'storage-failed' } },
    ]);
  });

  it('REQ-REG-005 nothing is made on top of a registry that is older than the copy', async () => {
    const older = async () => {
      throw new SymbolonError('metadata-rollback');
    };
    await expect(run({ keepCopy: older })).rejects.toMatchObject({ code: 'metadata-rollback' });
    expect([posts(), keys.made()]).toEqual([0, 0]);
  });
});

describe('REQ-CER-015 a hub that tells key-epoch another history than the rest', () => {
  /** The hub as it was: what it goes on showing to this region, signed as current by the online key that it holds. */
  const frozenHub = () => {
    const store = memoryStore(hub.store.files);
    const sent: SigningEvent[] = [];
    return {
      store,
      sent,
      published: () => openDraft({ read: store.files, pinnedRoot: hub.root, now: hub.now }),
      publisher: {
        publish: async (event: SigningEvent) => {
          sent.push(event);
          return 201;
        },
      },
    };
  };
  const revoke = async () => {
    const [first] = (await entries()).filter(({ use }) => use === 'credential');
    const kid = first?.kid ?? expect.unreachable();
    await byHand({
      change: 'revoke-key',
      region: 'CN-BJ',
      kid,
      since: NOW,
      reason: 'leaked',
      leaveNone: true,
    });
    return kid;
  };

  it('REQ-REG-005 one that goes back behind the copy gets no signature, however current it says to be', async () => {
    await run({ keepCopy: copying });
    const frozen = frozenHub();
    await revoke();
    await run({ keepCopy: copying });
    for (const days of [1, 4, 8]) {
      hub.now = addHours(NOW, days * 24);
      await resignRegistry(frozen.store, hub.root, hub.now);
      await expect(run({ ...frozen, keepCopy: copying })).rejects.toMatchObject({
        code: 'metadata-rollback',
      });
    }
    expect(frozen.sent).toEqual([]);
  });

  it('REQ-REG-023 one that is not signed anew gets none after 26 hours, no key is made for it, and the next run tries again', async () => {
    hub.now = addHours(NOW, 27);
    await expect(run()).rejects.toMatchObject({ code: 'registry-stale' });
    expect([keys.made(), posts(), region.files.size]).toEqual([0, 0, 0]);
    expect(lines).toEqual([{ event: 'registry.stale', fields: { seconds: 27 * 3600 } }]);
    await until(hub.now);
    await run();
    expect(posts()).toBe(1);
  });

  it('one that keeps what it got to itself gets the very same again, and nothing beside it, until that has ended', async () => {
    const frozen = frozenHub();
    for (let day = 0; day < 20; day += 2) {
      hub.now = addHours(NOW, day * 24);
      await resignRegistry(frozen.store, hub.root, hub.now);
      await run(frozen);
    }
    expect(frozen.sent).toHaveLength(10);
    const files = frozen.sent.map((event) =>
      [...eventFiles(event)].map(([path, bytes]) => [path, fromUtf8(bytes)]),
    );
    expect(new Set(files.map((each) => JSON.stringify(each))).size).toBe(1);
    const ends = frozen.sent.map(({ roles }) => roles.get('CN-BJ.keys')?.signed.expires);
    expect(ends[0]).toBe(NOW + 14 * DAY_SECONDS);
    expect(keys.made()).toBe(2);
    // What is on its way is no key that has left.
    expect(keys.stored.size).toBe(2);
  });

  it('one that shows another file of the version that the copy has gets none', async () => {
    const frozen = frozenHub();
    await revoke();
    await run({ keepCopy: copying });
    // What a key-epoch without a memory would have signed for the frozen one.
    const draft = await frozen.published();
    const change = { change: 'renew', role: 'CN-BJ.keys' } as const;
    const event = await proposeEvent(draft, [change], { title: 'a fork', now: hub.now });
    const online = { snapshot: hub.world.signers, timestamp: hub.world.signers };
    const signed = await signEvent(event, draft, [world.holder]);
    await publish(frozen.store, await sealEvent(signed, draft, online, hub.now));
    hub.now = addHours(NOW, 4 * 24);
    for (let at = 1; at <= 3; at++) await resignRegistry(frozen.store, hub.root, addHours(hub.now, at - 3));
    const refused = run({ ...frozen, keepCopy: copying });
    await expect(refused).rejects.toMatchObject({ code: 'version-signed', path: 'CN-BJ.keys' });
    expect(frozen.sent).toEqual([]);
  });

  it('an event that is refused for good stops key-epoch, until people have published that version', async () => {
    const refusing = { publish: () => Promise.reject(new SymbolonError('metadata-unreachable')) };
    await expect(run({ publisher: refusing })).rejects.toMatchObject({ code: 'metadata-unreachable' });
    // Its keys have their lead no longer.
    await until(addHours(NOW, 30));
    await expect(run()).rejects.toMatchObject({ code: 'version-signed' });
    expect(lines).toContainEqual({ event: 'keys.refused', fields: { code: 'key-without-lead' } });
    const spare = storedKids();
    await byHand({ change: 'renew', role: 'CN-BJ.keys' });
    await run();
    // Whoever has seen the event has seen its keys: they are not used any more.
    for (const kid of spare) expect(storedKids()).not.toContain(kid);
    expect((await entries()).filter(({ kid }) => storedKids().includes(kid))).toHaveLength(2);
  });

  it('what was signed is kept before it goes out; without that nothing goes out', async () => {
    const create = async () => {
      throw new SymbolonError('storage-failed');
    };
    await expect(run({ memory: remembering(over(region, { create })) })).rejects.toMatchObject({
      code: 'storage-failed',
    });
    expect([posts(), keys.marks.size]).toEqual([0, 0]);
    await region.create(LAST_SIGNED, utf8('{}'));
    await expect(run()).rejects.toMatchObject({ code: 'event-malformed' });
    expect(posts()).toBe(0);
  });

  it('the memory takes a higher version or the very same file, and no other', async () => {
    await run();
    const last = (await remembering().last()) ?? expect.unreachable();
    const kept = region.files.get(LAST_SIGNED);
    await remembering().keep(last.event, [], last);
    expect(region.files.get(LAST_SIGNED)).toBe(kept);
    const otherwise = await proposeEvent(await frozenBefore(), [{ change: 'renew', role: 'CN-BJ.keys' }], {
      title: 'another',
      now: addHours(NOW, 1),
    });
    expect(otherwise.roles.get('CN-BJ.keys')?.signed.version).toBe(last.version);
    await expect(remembering().keep(otherwise, [], last)).rejects.toMatchObject({ code: 'version-signed' });
    expect(region.files.get(LAST_SIGNED)).toBe(kept);
  });
  const frozenBefore = async () => (await startedAnew()).draft();
  const startedAnew = async () => {
    await hub.stop();
    hub = await startHub(NOW);
    return hub;
  };
});

describe('REQ-KEY-005 a key that was published once', () => {
  const oursOf = async (use: string) =>
    (await entries()).filter((key) => key.use === use && storedKids().includes(key.kid));
  const published = async (kid: string) => (await entries()).some((key) => key.kid === kid);

  it('and revoked is not published again when its entry has left while key-epoch did not run, and is deleted', async () => {
    await run();
    const [leaked] = await oursOf('credential');
    const kid = leaked?.kid ?? expect.unreachable();
    await until(addHours(NOW, 24));
    await byHand({ change: 'revoke-key', region: 'CN-BJ', kid, since: NOW, reason: 'leaked' });
    // Without key-epoch, people add keys, and ended ones leave with that.
    for (let week = 1; (await published(kid)) && week < 30; week++) {
      await until(addHours(NOW, 24 + week * 168));
      const { publicJwk: jwk } = await seeded(`by hand ${week}`);
      await byHand({ change: 'add-key', region: 'CN-BJ', use: 'credential', jwk });
    }
    expect(await published(kid)).toBe(false);
    expect(storedKids()).toContain(kid);
    for (let week = 0; week < 3; week++) {
      await run();
      expect(await published(kid)).toBe(false);
      await until(addHours(hub.now, 168));
    }
    expect(storedKids()).not.toContain(kid);
    expect(keys.marks).not.toContain(`credential/${kid}`);
  });

  it('by others, and is stored here, is marked when it is seen', async () => {
    const kid = await keys.make('credential');
    const { publicJwk: jwk } = (await keys.open('credential', kid)) ?? expect.unreachable();
    await byHand({ change: 'add-key', region: 'CN-BJ', use: 'credential', jwk });
    await run();
    expect(keys.marks).toContain(`credential/${kid}`);
  });
});

describe('REQ-REG-008 keys.json that is published and cannot be read', () => {
  it.each([
    ['the file', 'targets/regions/CN-BJ/'],
    ['its role', 'metadata/1.CN-BJ.keys.json'],
  ])('%s: the run fails, and publishes no fresh keys over the old ones', async (_, start) => {
    const files = new Map([...hub.store.files].filter(([path]) => !isLost(path, start)));
    expect(files.size).toBeLessThan(hub.store.files.size);
    const lost = () => openDraft({ read: files, pinnedRoot: hub.root, now: hub.now });
    await expect(run({ published: lost })).rejects.toMatchObject({ code: 'metadata-missing' });
    expect([keys.made(), posts()]).toEqual([0, 0]);
  });
  const isLost = (path: string, start: string) =>
    path === start || (path.startsWith(start) && path.endsWith('.keys.json'));
});

describe('killed at any step', () => {
  it('before or after each: the next run finishes, with the keys that were made', async () => {
    let steps = 0;
    // The first time nothing fails, and the steps are counted.
    for (let at = 0; at <= steps; at++) {
      for (const when of ['before', 'after'] as const) {
        await hub.stop();
        hub = await startHub(NOW);
        keys = memoryEpochKeys();
        let step = 0;
        const killing = async <T>(work: () => Promise<T>): Promise<T> => {
          step++;
          if (step === at && when === 'before') throw new Error('killed');
          const done = await work();
          if (step === at && when === 'after') throw new Error('killed');
          return done;
        };
        const frail: EpochKeys = {
          make: (use) => killing(() => keys.make(use)),
          list: (use) => killing(() => keys.list(use)),
          open: (use, kid) => killing(() => keys.open(use, kid)),
          markPublished: (use, kid) => killing(() => keys.markPublished(use, kid)),
          listPublished: (use) => killing(() => keys.listPublished(use)),
          forget: (use, kid) => killing(() => keys.forget(use, kid)),
        };
        region = memoryStore();
        const memory = remembering(
          over(region, {
            read: (path) => killing(() => region.read(path)),
            create: (path, bytes) => killing(() => region.create(path, bytes)),
          }),
        );
        const whole = httpPublisher(hub.publishUrl);
        const publisher = {
          publish: (event: Parameters<typeof whole.publish>[0]) => killing(() => whole.publish(event)),
        };
        const first = run({ keys: frail, memory, publisher });
        if (at === 0) await first;
        else await expect(first).rejects.toThrow('killed');
        await run({ keys, memory: remembering(), publisher: whole });
        await run({ keys, memory: remembering(), publisher: whole });
        const kids = (await entries()).map(({ kid }) => kid);
        expect([keys.made(), kids.length, posts()]).toEqual([2, 4, 1]);
        for (const kid of storedKids()) expect(kids).toContain(kid);
        expect(keys.marks.size).toBe(2);
        steps = Math.max(steps, step);
      }
    }
    // What was signed last; to look for ended keys (2), to look for spare ones (2), to make, to open and to mark, of two uses; to keep what is signed; to publish.
    expect(steps).toBe(17);
  });
});

describe('REQ-KEY-012 two months of runs, with a hub that is down for five days', () => {
  it('every key has its lead, the one that signs is at hand, and no private half outlives its key', async () => {
    const unreachable = { code: 'metadata-unreachable' };
    const silent = () => Promise.reject(new SymbolonError('metadata-unreachable'));
    const publishedAt = new Map<string, Instant>();
    const founding = new Set((await entries()).map(({ kid }) => kid));
    for (let hour = 0; hour < 60 * 24; hour += 12) {
      hub.now = addHours(NOW, hour);
      hub.isDown = hour >= 480 && hour < 600;
      if (!hub.isDown) await resignRegistry(hub.store, hub.root, hub.now);
      if (hub.isDown) await expect(run({ published: silent })).rejects.toMatchObject(unreachable);
      else await run();
      const listed = await entries();
      // Of each use one a week: five days ahead, three weeks its own, and 41 days until its entry may leave.
      expect(listed.length).toBeLessThanOrEqual(20);
      for (const { kid, notBefore } of listed) {
        if (founding.has(kid) || publishedAt.has(kid)) continue;
        publishedAt.set(kid, hub.now);
        expect(notBefore).toBeGreaterThanOrEqual(addHours(hub.now, LEAD_HOURS));
      }
      for (const use of EPOCH_USES) {
        const [signs, ...others] = signingOrder(listed, use, hub.now);
        const kid = signs?.kid ?? expect.unreachable(`nothing signs in hour ${hour}`);
        expect(founding.has(kid) || storedKids().includes(kid), `hour ${hour}`).toBe(true);
        // From the second epoch on there is one in reserve.
        if (hour > 10 * 24) expect(others.length).toBeGreaterThan(0);
      }
      const ended = listed.filter(({ notAfter }) => notAfter <= hub.now).map(({ kid }) => kid);
      if (!hub.isDown) expect(storedKids().filter((kid) => ended.includes(kid))).toEqual([]);
      // A verifier that goes on with what it has for three days does not meet an expired role.
      expect((await roleExpiry()) - hub.now).toBeGreaterThan(3 * DAY_SECONDS);
    }
    expect(keys.made()).toBe(publishedAt.size);
    expect(publishedAt.size).toBeGreaterThanOrEqual(14);
  });
});

describe('as it is deployed', () => {
  let folder: string;
  const environment = { ...process.env };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'symbolon-key-epoch-'));
  });
  afterEach(async () => {
    process.env = environment;
    await rm(folder, { recursive: true });
  });

  it('from its environment, over HTTP: reads the registry by the pinned root, keeps key files, and publishes', async () => {
    await hub.stop();
    hub = await startHub(systemClock());
    const url = (name: string) => pathToFileURL(join(folder, name)).href;
    const role = insecurePrivateKeyFromSeed('ES256', 'CN-BJ keys');
    await writeFile(join(folder, 'passphrase'), 'passphrase\n', { mode: 0o600 });
    await writeFile(join(folder, 'role.jwe'), await sealKeyFile(role, 'passphrase', 1000), { mode: 0o600 });
    process.env = {
      REGION: 'CN-BJ',
      REGISTRY_URL: hub.registryUrl,
      ROOT_SHA256: toHex(sha256(hub.root)),
      REGISTRY_PUBLISH_URL: hub.publishUrl,
      KEYS_ROLE_KEY: url('role.jwe'),
      EPOCH_KEYS_URI: url('epochs'),
      PASSPHRASE_URI: url('passphrase'),
      REGISTRY_COPY_URI: url('copy'),
    };
    expect(await handler({}, {} as Context)).toEqual({ ok: true });
    const kids = (await entries()).map(({ kid }) => kid);
    expect(kids).toHaveLength(4);
    for (const use of EPOCH_USES) {
      const files = await readdir(join(folder, 'epochs', use));
      const [kid = ''] = files.map((file) => file.slice(0, file.indexOf('.')));
      expect(files.toSorted()).toEqual([`${kid}.jwe`, `${kid}.published`]);
      expect(kids).toContain(kid);
    }
    expect((await stat(join(folder, 'epochs', LAST_SIGNED))).mode & 0o077).toBe(0);
    const bundle = new Uint8Array(await readFile(join(folder, 'copy', REGISTRY_COPY)));
    const { view } = await openBundle({ bundle, pinnedRoot: hub.root, now: hub.now });
    expect(view.regions['CN-BJ']?.keys).toHaveLength(2);
    hub.isDown = true;
    await expect(handler({}, {} as Context)).rejects.toBeInstanceOf(SymbolonError);
  });
});

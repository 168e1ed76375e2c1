import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EPOCH_USES, type EpochKeys } from '@symbolon/issuer/ports';
import { sha256 } from '@symbolon/keys/digest';
import { sealKeyFile } from '@symbolon/keys/key-file';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, DAY_SECONDS, type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import { signingOrder } from '@symbolon/registry/epochs';
import { openBundle } from '@symbolon/registry/open-bundle';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../runtime/clock.ts';
import type { LogCatalogue } from '../runtime/log.ts';
import { REGISTRY_COPY } from '../runtime/registry-copy.ts';
import { type Hub, seeded, startHub } from '../testing/hub.ts';
import { type MemoryEpochKeys, memoryEpochKeys } from '../testing/memory-epoch-keys.ts';
import type { KeyEpoch } from './dependencies.ts';
import { handler, runKeyEpoch } from './handler.ts';
import { httpPublisher } from './publisher.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
const LEAD_HOURS = 96;
let hub: Hub;
let keys: MemoryEpochKeys;
let lines: { event: keyof LogCatalogue; fields: object }[];
let world: KeyEpoch;

beforeEach(async () => {
  hub = await startHub(NOW);
  keys = memoryEpochKeys();
  lines = [];
  world = {
    region: 'CN-BJ',
    epochHours: 168,
    keys,
    holder: await seeded('CN-BJ keys'),
    published: () => hub.draft(),
    keepCopy: async () => {},
    publisher: httpPublisher(hub.publishUrl),
    clock: () => hub.now,
    log: (event, fields) => lines.push({ event, fields }),
  };
});
afterEach(() => hub.stop());

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
    hub.now = addHours(NOW, 3 * 24 - 1);
    await run();
    expect([posts(), await roleExpiry()]).toEqual([published, expiry]);
    hub.now = addHours(NOW, 3 * 24 + 1);
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
    const full = async () => {
      throw new SymbolonError('storage-failed');
    };
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
          forget: (use, kid) => killing(() => keys.forget(use, kid)),
        };
        const whole = httpPublisher(hub.publishUrl);
        const publisher = {
          publish: (event: Parameters<typeof whole.publish>[0]) => killing(() => whole.publish(event)),
        };
        const first = run({ keys: frail, publisher });
        if (at === 0) await first;
        else await expect(first).rejects.toThrow('killed');
        await run({ keys, publisher: whole });
        await run({ keys, publisher: whole });
        const kids = (await entries()).map(({ kid }) => kid);
        expect([keys.made(), kids.length, posts()]).toEqual([2, 4, 1]);
        for (const kid of storedKids()) expect(kids).toContain(kid);
        steps = Math.max(steps, step);
      }
    }
    // To look for ended keys, to look for spare ones, to make and to open, of two uses; and to publish.
    expect(steps).toBe(9);
  });
});

describe('REQ-KEY-012 two months of runs, with a hub that is down for five days', () => {
  it('every key has its lead, the one that signs is at hand, and no private half outlives its key', async () => {
    const publishedAt = new Map<string, Instant>();
    const founding = new Set((await entries()).map(({ kid }) => kid));
    for (let hour = 0; hour < 60 * 24; hour += 12) {
      hub.now = addHours(NOW, hour);
      hub.isDown = hour >= 480 && hour < 600;
      if (hub.isDown)
        await run().catch((error) => expect(error).toMatchObject({ code: 'metadata-unreachable' }));
      else await run();
      const listed = await entries();
      expect(listed.length).toBeLessThanOrEqual(12);
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
      expect(files.map((file) => kids.includes(file.replace(/\.jwe$/, '')))).toEqual([true]);
    }
    const bundle = new Uint8Array(await readFile(join(folder, 'copy', REGISTRY_COPY)));
    const { view } = await openBundle({ bundle, pinnedRoot: hub.root, now: hub.now });
    expect(view.regions['CN-BJ']?.keys).toHaveLength(2);
    hub.isDown = true;
    await expect(handler({}, {} as Context)).rejects.toBeInstanceOf(SymbolonError);
  });
});

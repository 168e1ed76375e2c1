import { createHash } from 'node:crypto';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { decodeLeaf } from '@symbolon/log/leaf';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { PublicationLeaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepCurrent } from '../registry-timestamp/handler.ts';
import { foundedRegistry, resignRegistry } from '../testing/founded-registry.ts';
import { over } from '../testing/hub.ts';
import {
  hoursLater,
  nameLog,
  openLogFile,
  type RegistryLogWorld,
  readLog,
  registryLogWorld,
} from '../testing/registry-log-world.ts';
import type { LogCatalogue } from './log.ts';
import { type LoggedRegistry, logFolder, writeRegistryLog } from './registry-log.ts';
import { publicationLeaves } from './registry-log-leaves.ts';
import { type PublishedRegistry, registryLeaves } from './registry-log-source.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
let root: Bytes;
let founded: ReadonlyMap<string, Bytes>;
let store: MemoryStore;
let world: RegistryLogWorld;

const seeded = (seed: string) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));

beforeAll(async () => {
  const registry = await foundedRegistry(NOW);
  ({ root } = registry);
  const named = registry.store;
  await nameLog(named, root, await registryLogWorld(named, NOW), addSeconds(NOW, 1));
  founded = named.files;
});
beforeEach(async () => {
  store = memoryStore(founded);
  world = await registryLogWorld(store, addHours(NOW, 1));
});

const opened = async (objects: ObjectStore, now: Instant): Promise<PublishedRegistry> => {
  const { base, read } = await openDraft({ read: (path) => objects.read(path), pinnedRoot: root, now });
  const { trust, view } = base ?? expect.unreachable();
  return { trust, view, read };
};
const run = (objects: ObjectStore = store): Promise<LoggedRegistry | undefined> =>
  writeRegistryLog(
    { ...world.log, stores: { ...world.log.stores, public: logFolder(objects) } },
    () => opened(objects, world.now),
    world.now,
  );
/** A publication that renews the keys role of a region, or puts files into it. */
async function renew(
  region = 'CN-BJ',
  objects: ObjectStore = store,
  put: ReadonlyMap<string, Bytes> = new Map(),
): Promise<void> {
  world.now = addSeconds(world.now, 60);
  const draft = await openDraft({ read: (path) => objects.read(path), pinnedRoot: root, now: world.now });
  const signers = [await seeded(`${region} keys`)];
  const next = await updateRole(draft, { role: `${region}.keys`, put }, signers, world.now);
  const online = [await seeded('online')];
  await publish(objects, await seal(next, { snapshot: online, timestamp: online }, world.now));
}
const logged = () => readLog(store, world.trust);
const versions = async () => (await logged()).map(({ version }) => version);
const logFile = async () => store.files.get('log/registry.json');
const proven = async () => openLogFile((await logFile()) ?? expect.unreachable(), world.trust);
/** Whether the log has every publication since it began once, in order, with the hash of its file. */
async function expectWhole(): Promise<void> {
  const leaves = await logged();
  const first = leaves[0]?.version ?? expect.unreachable();
  const { view } = await opened(store, world.now);
  const whole = leaves.filter(({ part, parts }) => part === parts);
  expect(whole.map(({ version }) => version)).toEqual(
    Array.from({ length: view.version - first + 1 }, (_, i) => first + i),
  );
  for (const { version, sha256 } of whole) {
    const file = store.files.get(`metadata/${version}.snapshot.json`) ?? expect.unreachable();
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
  }
  expect(leaves.map(({ version, first: begins }) => begins === (version === first))).not.toContain(false);
}

describe('REQ-LOG-017, REQ-AUD-004 every publication is a leaf, in order', () => {
  it('begins with the one that is current; those that follow are logged by the next run, whoever made them', async () => {
    expect(await run()).toEqual({ size: 1, added: 1, witnessed: 1, silent: 0 });
    await renew();
    await renew('CN-GD');
    await resignRegistry(store, root, hoursLater(world, 1));
    expect(await run()).toEqual({ size: 3, added: 2, witnessed: 3, silent: 0 });
    await expectWhole();
    expect((await logged()).map(({ first, items }) => [first, items.length > 0])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ]);
  });

  it('with nothing new nothing is written', async () => {
    await run();
    const [before, state] = [new Map(store.files), new Map(world.state.files)];
    await run();
    expect(new Map(store.files)).toEqual(before);
    expect(new Map(world.state.files)).toEqual(state);
  });

  it('a federation that names no log has none, and its bundle is as it was', async () => {
    const plain = await foundedRegistry(NOW);
    const { view } = await opened(plain.store, NOW);
    const federation = { ...view.federation, log: undefined };
    const current = async () => {
      const registry = await opened(plain.store, world.now);
      return { ...registry, view: { ...registry.view, federation } };
    };
    expect(await writeRegistryLog(world.log, current, world.now)).toBeUndefined();
    expect([...store.files.keys()].filter((path) => path.startsWith('log/'))).toEqual([]);
    expect(world.state.files.size).toBe(0);
  });

  it('REQ-LOG-004 a key that the federation does not name signs nothing', async () => {
    const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', 'another'));
    world = { ...world, log: { ...world.log, signer } };
    await expect(run()).rejects.toMatchObject({ code: 'log-signature' });
    expect(world.state.files.size).toBe(0);
  });

  it('REQ-LOG-007 a registry that does not go on from what was logged: log-fork, and nothing is logged', async () => {
    const before = new Map(store.files);
    await renew();
    await run();
    const log = [...store.files].filter(([path]) => path.startsWith('log/'));
    // The hub is put back to yesterday, and goes on from there.
    store = memoryStore(new Map([...before, ...log]));
    await expect(run()).rejects.toMatchObject({ code: 'log-fork' });
    await renew('CN-GD');
    await expect(run()).rejects.toMatchObject({ code: 'log-fork' });
    expect((await logged()).map(({ version }) => version)).toEqual([3]);
  });

  it('a hub that begins again on what is stored goes on', async () => {
    await run();
    await renew();
    const state = world.state.files;
    world = { ...(await registryLogWorld(store, world.now)) };
    for (const [path, bytes] of state) await world.log.stores.private.create(path, bytes);
    await run();
    await expectWhole();
  });
});

describe('a publication that brings much', () => {
  const item = (n: number): PublishedItem => ({
    role: `CN-${String(n).padStart(4, '0')}`,
    keyids: [n.toString(16).padStart(64, '0'), (n + 1).toString(16).padStart(64, '0')],
  });
  const news = (items: readonly PublishedItem[]) => ({
    version: 7,
    sha256: 'a'.repeat(64),
    root: 1,
    at: NOW,
    first: false,
    items,
  });

  it('has several leaves, each within its bound; together they are all of it, in order', () => {
    const items = Array.from({ length: 1500 }, (_, n) => item(n));
    const bytes = publicationLeaves(news(items));
    expect(bytes.every(({ length }) => length <= LIMITS.leafBytes)).toBe(true);
    expect(bytes.length).toBe(
      Math.ceil(bytes.reduce((sum, { length }) => sum + length, 0) / LIMITS.leafBytes),
    );
    const leaves = bytes.map((each) => decodeLeaf(each) as PublicationLeaf);
    expect(leaves.map(({ part, parts }) => [part, parts])).toEqual(
      leaves.map((_, i) => [i + 1, leaves.length]),
    );
    expect(leaves.flatMap((leaf) => leaf.items)).toEqual(items);
  });

  it('that brings nothing has one', () => {
    expect(publicationLeaves(news([])).map(decodeLeaf)).toMatchObject([{ part: 1, parts: 1, items: [] }]);
  });

  it('is logged whole, however little a round takes', async () => {
    await run();
    for (let n = 0; n < 3; n++) await renew();
    const [first] = await logged();
    if (first === undefined) throw new TypeError('nothing was logged');
    const memory = { version: 2, sha256: first.sha256, root: 1 };
    const waiting = await registryLeaves(() => opened(store, world.now)).pending(2, memory);
    expect(waiting.leaves).toHaveLength(2);
    expect(waiting.memory).toMatchObject({ version: 4 });
  });
});

describe('REQ-LOG-005 witnesses that are down', () => {
  it('hold no publication up; the next run has them cosign', async () => {
    for (const name of ['w.symbolon.test/1', 'w.symbolon.test/2']) world.down.add(name);
    expect(await run()).toEqual({ size: 1, added: 1, witnessed: 0, silent: 2 });
    expect(await logFile()).toBeUndefined();
    await renew();
    expect(await run()).toMatchObject({ size: 2, added: 1, witnessed: 0 });
    world.down.clear();
    hoursLater(world, 1);
    expect(await run()).toEqual({ size: 2, added: 0, witnessed: 2, silent: 0 });
    expect((await proven()).leaves.map(({ version }) => version)).toEqual([2, 3]);
  });

  it('one of three is enough to be missing', async () => {
    world.down.add('w.symbolon.test/3');
    expect(await run()).toEqual({ size: 1, added: 1, witnessed: 1, silent: 1 });
  });

  it('what was witnessed before stays proven meanwhile', async () => {
    await run();
    const before = await logFile();
    for (const { name } of world.witnesses.of) world.down.add(name);
    await renew();
    await run();
    expect(await logFile()).toEqual(before);
  });
});

describe('REQ-LOG-017 what bundles carry of the log', () => {
  it('proves the version, and the publications that introduced what is in it; not the others', async () => {
    await run();
    for (const region of ['CN-BJ', 'CN-GD', 'CN-BJ']) {
      await renew(region);
      await run();
    }
    const part = await proven();
    expect(part.size).toBe(4);
    // Renewals between the first one, which has it all, and the current one bring nothing.
    expect(part.leaves.map(({ version }) => version)).toEqual([2, 5]);
    await expectWhole();
  });

  it('of what was taken out and put back it proves the newest publication that brought it, also later', async () => {
    await run();
    const path = [...store.files.keys()].find((each) => /regions\/CN-BJ\/[0-9a-f]+\.keys\.json$/.test(each));
    const whole = store.files.get(path ?? '') ?? expect.unreachable();
    const { keys, ...rest } = JSON.parse(Buffer.from(whole).toString());
    const fewer = utf8(JSON.stringify({ ...rest, keys: keys.slice(1) }));
    for (const file of [fewer, whole, undefined]) {
      await renew('CN-BJ', store, new Map(file && [['regions/CN-BJ/keys.json', file]]));
      await run();
    }
    const part = await proven();
    expect(part.leaves.map(({ version }) => version)).toEqual([2, 4, 5]);
    const [{ kid, use, notBefore }] = keys;
    const key = { kid, use, notBefore: parseInstant(notBefore) };
    expect(part.leaves[1]?.items).toEqual([{ region: 'CN-BJ', keys: [key], revoked: [] }]);
  });

  it('is the same whether it was carried on or made anew, and a wrong one is made anew', async () => {
    await run();
    await renew();
    await run();
    const whole = (await logFile()) ?? expect.unreachable();
    const said = JSON.parse(Buffer.from(whole).toString());
    const wrong = [
      { ...said, leaves: [] },
      { ...said, leaves: [[0, said.leaves[1][1]], said.leaves[1]] },
      { ...said, leaves: [[0, 'no leaf']] },
      { ...said, checkpoint: said.checkpoint.replace('\n2\n', '\n9\n') },
      'no such file',
    ];
    for (const each of wrong) {
      await store.replace(
        'log/registry.json',
        utf8(JSON.stringify(each)),
        (await logFile()) ?? expect.unreachable(),
      );
      await run();
      expect(await logFile()).toEqual(whole);
    }
  });

  it('goes into every bundle, also of chosen regions', async () => {
    await run();
    for (const regions of [undefined, ['CN-HA']]) {
      const files = await collectBundle({ read: store.files, ...(regions && { regions }) });
      expect(files.get('log/registry.json')).toEqual(await logFile());
    }
  });

  it('has a checkpoint of each day, as many as a bundle carries', async () => {
    await run();
    for (let hour = 0; hour < 24 * 20; hour += 8) {
      hoursLater(world, 8);
      if (hour % 72 === 0) await renew();
      await resignRegistry(store, root, world.now);
      await run();
    }
    const { anchors, size } = await proven();
    expect(anchors).toHaveLength(LIMITS.logAnchors);
    expect(anchors).toEqual(anchors.toSorted((a, b) => a - b));
    expect(anchors[0]).toBeLessThan(size);
    const stored = JSON.parse(Buffer.from(store.files.get('log/anchors.json') ?? []).toString());
    expect(stored.anchors).toHaveLength(LIMITS.logAnchors);
  });

  it('REQ-LOG-015 a log that does not give its root is not told', async () => {
    await run();
    await renew();
    await run();
    const tile = store.files.get('log/tile/0/000.p/2') ?? expect.unreachable();
    await store.replace(
      'log/tile/0/000.p/2',
      tile.map((byte) => byte ^ 1),
      tile,
    );
    const before = await logFile();
    await renew();
    await expect(run()).rejects.toMatchObject({ code: 'log-damaged' });
    expect(await logFile()).toEqual(before);
  });
});

describe('several that publish at once', () => {
  it('none is logged twice, none is lost', async () => {
    await renew();
    await Promise.all([run(), run(), run()].map((each) => each.catch(lostRace)));
    await renew();
    await Promise.all([run(), renew('CN-GD').then(() => run()), run()].map((each) => each.catch(lostRace)));
    await run();
    await expectWhole();
    expect((await proven()).leaves.at(-1)?.version).toBe((await versions()).at(-1));
  });

  it('one that saw an older registry when it began takes the newer one for no fork', async () => {
    await run();
    const stale = await opened(store, world.now);
    await renew();
    let asked = 0;
    const current = async () => {
      // Between the look at the federation and the round another publishes, and logs it.
      if (asked++ === 0) {
        await run();
        return stale;
      }
      return opened(store, world.now);
    };
    expect(await writeRegistryLog(world.log, current, world.now)).toMatchObject({ size: 2, added: 0 });
    await expectWhole();
  });

  function lostRace(error: { readonly code?: string }): undefined {
    expect(error.code).toBe('checkpoint-conflict');
    return undefined;
  }
});

describe('killed at any step, REQ-LOG-015', () => {
  const kept = (lines: (keyof LogCatalogue)[], objects: ObjectStore, state: ObjectStore) =>
    keepCurrent(
      {
        objects,
        pinnedRoot: async () => root,
        signers: [online],
        lists: { listsOf: async () => new Map() },
        registryLog: {
          ...world.log,
          stores: { public: logFolder(objects), private: state },
        },
        clock: () => world.now,
        log: (event) => lines.push(event),
      },
      world.now,
    );
  let online: Awaited<ReturnType<typeof seeded>>;

  const ROUND = ['open round', 'entries', 'tile', 'checkpoint', 'closed round'];
  const PROOF = ['cosignatures', 'witnessed', 'registry.json', 'bundle'];
  it.each<[string, boolean, readonly string[]]>([
    // The anchor of that day is there.
    ['a publication', true, ['timestamp', ...ROUND, ...PROOF]],
    [
      'the first one',
      false,
      ['timestamp', 'state', 'checkpoint', 'state', ...ROUND, ...PROOF, 'anchors.json'],
    ],
  ])(
    '%s, before or after each write: the log is whole, the bundle is written, and the next hour finishes',
    async (_, hasBegun, writes) => {
      online = await seeded('online');
      let steps = 0;
      for (let at = 0; at <= steps; at++) {
        for (const when of ['before', 'after'] as const) {
          store = memoryStore(founded);
          world = await registryLogWorld(store, addHours(NOW, 1));
          if (hasBegun) await run();
          await renew();
          let step = 0;
          const killing = async (write: () => Promise<void>) => {
            // Tiles are written at once.
            const own = ++step;
            if (own === at && when === 'before') throw new Error('killed');
            await write();
            if (own === at && when === 'after') throw new Error('killed');
          };
          const failing = (objects: ObjectStore) =>
            over(objects, {
              create: (path, bytes) => killing(() => objects.create(path, bytes)),
              replace: (path, bytes, previous) => killing(() => objects.replace(path, bytes, previous)),
            });
          hoursLater(world, 1);
          const lines: (keyof LogCatalogue)[] = [];
          const isKilled = await kept(lines, failing(store), failing(world.state)).then(
            () => false,
            () => true,
          );
          expect(isKilled, `${when} ${at}`).toBe(at > 0);
          if (store.files.has('log/checkpoint')) await logged();
          hoursLater(world, 1);
          await kept(lines, store, world.state);
          await expectWhole();
          expect((await proven()).leaves.at(-1)?.version).toBe(3);
          const bundled = await collectBundle({ read: store.files });
          expect(bundled.get('log/registry.json')).toEqual(await logFile());
          expect(lines.slice(-3)).toEqual(['registry.resigned', 'registry-log.written', 'bundle.written']);
          steps = Math.max(steps, step);
        }
      }
      expect(steps).toBe(writes.length);
    },
  );
});

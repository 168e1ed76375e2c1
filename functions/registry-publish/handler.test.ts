import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, formatInstant, hourFloor, parseInstant } from '@symbolon/protocol/instant';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { proposeEvent } from '@symbolon/registry/ceremony/event/propose-event';
import { readEvent } from '@symbolon/registry/ceremony/event/read-event';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import { signEvent } from '@symbolon/registry/ceremony/event/sign-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { publish } from '@symbolon/registry/ceremony/publish';
import { resignTimestamp } from '@symbolon/registry/ceremony/resign-timestamp';
import { jsonFile } from '@symbolon/registry/json-file';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openBundle } from '@symbolon/registry/open-bundle';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryMemory } from '../runtime/registry-memory.ts';
import { writeTrustBundle } from '../runtime/trust-bundle.ts';
import { type Hub, over, seeded, startHub } from '../testing/hub.ts';
import { nameLog, openLogFile, readLog, registryLogWorld } from '../testing/registry-log-world.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
const JSON_BODY = { 'content-type': 'application/json' };
let hub: Hub;

beforeEach(async () => {
  hub = await startHub(NOW);
  hub.now = addHours(NOW, 2);
});
afterEach(() => hub.stop());

const nextKey = async (seed: string, region = 'CN-BJ'): Promise<Change> => ({
  change: 'add-key',
  region,
  use: 'credential',
  jwk: (await seeded(seed)).publicJwk,
});
const proposed = async (change: Change) =>
  proposeEvent(await hub.draft(), [change], { title: 'a change', now: hub.now });
const signed = async (event: SigningEvent, ...seeds: string[]) =>
  signEvent(event, await hub.draft(), await Promise.all(seeds.map(seeded)));
const filesOf = (event: SigningEvent) =>
  Object.fromEntries([...eventFiles(event)].map(([path, bytes]) => [path, fromUtf8(bytes)]));

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
async function post(body: unknown, headers: Record<string, string> = JSON_BODY): Promise<Reply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${hub.publishUrl}/publications`, { method: 'POST', headers, body: text });
  const kind = response.ok ? 'application/json' : 'application/problem+json';
  expect(response.headers.get('content-type')).toBe(kind);
  return { status: response.status, body: JSON.parse(await response.text()) };
}
const postEvent = (event: SigningEvent) => post({ files: filesOf(event) });
const keysNow = async () =>
  (await hub.draft()).base?.view.regions['CN-BJ']?.keys.map(({ kid }) => kid) ?? expect.unreachable();

/** Rules of Beijing for health, with one more in front. */
function rulesWith(change: object): Change {
  const set = sampleRules('CN-BJ', 'health');
  const rule = { ...set.rules.at(-1), id: 'new-rule', when: 'now == now', ...change };
  const file = jsonFile({ ...set, rules: [rule, ...set.rules] });
  return { change: 'put', role: 'CN-BJ', files: new Map([['regions/CN-BJ/rules.health.json', file]]) };
}

describe('REQ-RUL-006, REQ-RUL-010 rules are published when they compile and have their lead, whoever signed them', () => {
  const later = (hours: number) => formatInstant(addHours(hourFloor(hub.now), hours));
  const sent = async (change: object) =>
    postEvent(await signed(await proposed(rulesWith(change)), 'CN-BJ admin a', 'CN-BJ admin b'));

  it('one that does is', async () => {
    expect((await sent({ from: later(25) })).status).toBe(201);
  });

  it.each<[string, object, string]>([
    ['a rule about bank deposits', { when: 'deposits.exists(d, true)' }, 'expression-malformed'],
    ['an office that the region does not have', { authorities: ['bank'] }, 'rule-set-malformed'],
    ['a rule from next hour on', { from: '2026-09-07T11:00:00Z' }, 'rule-without-lead'],
  ])('%s is refused', async (_, change, code) => {
    const before = new Map(hub.store.files);
    const { status, body } = await sent({ from: later(25), ...change });
    expect([status, body['code']]).toEqual([expect.any(Number), code]);
    expect([400, 409, 422]).toContain(status);
    expect(new Map(hub.store.files)).toEqual(before);
  });
});

describe('what enough have signed is published', () => {
  it('201 with the version of the snapshot; the second time 200, and nothing is written', async () => {
    const { kid } = await seeded('next');
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    const before = (await hub.draft()).base?.view.version ?? 0;
    expect(await postEvent(event)).toEqual({ status: 201, body: { snapshotVersion: before + 1 } });
    expect(await keysNow()).toContain(kid);
    const files = new Map(hub.store.files);
    expect(await postEvent(event)).toEqual({ status: 200, body: { snapshotVersion: before + 1 } });
    expect(new Map(hub.store.files)).toEqual(files);
    expect(hub.lines.map(({ event }) => event)).toEqual([
      'publication.made',
      'bundle.written',
      'request.done',
      'request.done',
    ]);
    expect(JSON.stringify(hub.lines)).not.toMatch(/"(jwk|sig|x|y)"|-----BEGIN/);
  });

  it('the bundle has it at once, and keeps the lists that it had', async () => {
    const listed = { listsOf: async () => new Map([['494763', 'a list']]) };
    await writeTrustBundle(hub.store, hub.root, listed, NOW);
    await postEvent(await signed(await proposed(await nextKey('next')), 'CN-BJ keys'));
    const bundle = (await hub.store.read('trust.bundle')) ?? expect.unreachable();
    const { view, lists } = await openBundle({ bundle, pinnedRoot: hub.root, now: hub.now });
    expect(view.regions['CN-BJ']?.keys.map(({ kid }) => kid)).toEqual(await keysNow());
    expect(lists.map(({ region, token }) => [region, token])).toEqual(
      ['CN-BJ', 'CN-GD', 'CN-HA'].map((region) => [region, 'a list']),
    );
  });

  it('a bundle that cannot be written now is left to the hourly run: what is published is published', async () => {
    const create = async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
      if (path === 'trust.bundle') throw new SymbolonError('storage-failed');
      await hub.store.create(path, bytes);
    };
    hub.world = { ...hub.world, objects: over(hub.store, { create }) };
    expect((await postEvent(await signed(await proposed(await nextKey('next')), 'CN-BJ keys'))).status).toBe(
      201,
    );
    expect(hub.lines).toContainEqual({ event: 'bundle.postponed', fields: { code: 'storage-failed' } });
  });

  it('several at once, of different regions: each is published', async () => {
    const regions = ['CN-BJ', 'CN-GD', 'CN-HA'];
    const events = [];
    for (const region of regions)
      events.push(await signed(await proposed(await nextKey(`next ${region}`, region)), `${region} keys`));
    const replies = await Promise.all(events.map(postEvent));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    const view = (await hub.draft()).base?.view ?? expect.unreachable();
    for (const region of regions) expect(view.regions[region]?.keys).toHaveLength(3);
  });
});

describe('REQ-LOG-017 what is published is logged', () => {
  /** A log that begins with what is there, and an event. */
  async function loggedHub() {
    const { store, root } = hub;
    const log = await registryLogWorld(store, hub.now);
    await nameLog(store, root, log, hub.now);
    hub.world = { ...hub.world, registryLog: log.log };
    hub.now = addSeconds(hub.now, 60);
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    return { log, event };
  }
  const bundledLog = async () => {
    const bundle = (await hub.store.read('trust.bundle')) ?? expect.unreachable();
    return (await openBundle({ bundle, pinnedRoot: hub.root, now: hub.now })).registryLog;
  };

  it('at once, and the bundle carries the proof', async () => {
    const { log, event } = await loggedHub();
    expect((await postEvent(event)).status).toBe(201);
    expect(hub.lines).toContainEqual({
      event: 'registry-log.written',
      fields: { size: 1, added: 1, witnessed: 1, silent: 0 },
    });
    const more = await signed(await proposed(await nextKey('more', 'CN-GD')), 'CN-GD keys');
    const { body } = await postEvent(more);
    const leaves = await readLog(hub.store, log.trust);
    expect(leaves.map(({ version, first }) => [version, first])).toEqual([
      [3, true],
      [4, false],
    ]);
    const part = await openLogFile((await bundledLog()) ?? expect.unreachable(), log.trust);
    expect(part.leaves.at(-1)).toMatchObject({
      version: body['snapshotVersion'],
      items: [{ region: 'CN-GD' }],
    });
  });

  it('witnesses that are down hold nothing up, and it is said', async () => {
    const { log, event } = await loggedHub();
    for (const { name } of log.witnesses.of) log.down.add(name);
    expect(await postEvent(event)).toMatchObject({ status: 201, body: { snapshotVersion: 3 } });
    expect(hub.lines).toContainEqual({
      event: 'registry-log.written',
      fields: { size: 1, added: 1, witnessed: 0, silent: 3 },
    });
    expect(await bundledLog()).toBeUndefined();
  });

  it('nor does a log that cannot be written: the next publication logs both', async () => {
    const { log, event } = await loggedHub();
    expect((await postEvent(event)).status).toBe(201);
    const failing = async () => {
      throw new SymbolonError('storage-failed');
    };
    const { stores } = log.log;
    const broken = { ...stores, private: { ...stores.private, replace: failing } };
    hub.world = { ...hub.world, registryLog: { ...log.log, stores: broken } };
    const more = await signed(await proposed(await nextKey('more', 'CN-GD')), 'CN-GD keys');
    expect((await postEvent(more)).status).toBe(201);
    expect(hub.lines).toContainEqual({ event: 'registry-log.postponed', fields: { code: 'storage-failed' } });
    expect(hub.lines.filter(({ event }) => event === 'bundle.written')).toHaveLength(2);
    hub.world = { ...hub.world, registryLog: log.log };
    const last = await signed(await proposed(await nextKey('last', 'CN-HA')), 'CN-HA keys');
    expect((await postEvent(last)).status).toBe(201);
    expect((await readLog(hub.store, log.trust)).map(({ version }) => version)).toEqual([3, 4, 5]);
  });

  it('several at once: each once, in order', async () => {
    const { log } = await loggedHub();
    const regions = ['CN-BJ', 'CN-GD', 'CN-HA'];
    const events = [];
    for (const region of regions)
      events.push(await signed(await proposed(await nextKey(`next ${region}`, region)), `${region} keys`));
    const replies = await Promise.all(events.map(postEvent));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    const versions = (await readLog(hub.store, log.trust)).map(({ version }) => version);
    expect(versions).toEqual(Array.from(versions, (_, i) => (versions[0] ?? 0) + i));
    expect(versions.at(-1)).toBe(5);
    expect(JSON.stringify(hub.lines)).not.toMatch(/"(jwk|sig|x|y)"|-----BEGIN/);
  });
});

describe('whoever has not signed gets nothing in', () => {
  /** What was asked for, and whether anything changed by it. */
  async function refusal(send: () => Promise<Reply>): Promise<readonly unknown[]> {
    const files = new Map(hub.store.files);
    const { status, body } = await send();
    expect(new Map(hub.store.files)).toEqual(files);
    expect(body).toMatchObject({ status, type: `urn:symbolon:problem:${body['code']}` });
    return [status, body['code']];
  }

  it('REQ-CER-011 an event that nobody signed, or a stranger, or one admin of two: 403', async () => {
    const event = await proposed(await nextKey('next'));
    expect(await refusal(() => postEvent(event))).toEqual([403, 'event-unsigned']);
    const keyed = await signed(event, 'CN-BJ keys');
    const [role = '', given = new Map()] = [...keyed.signatures][0] ?? [];
    const forged = new Map([...given].map(([keyid]) => [keyid, '3006020101020101']));
    const bad = { ...keyed, signatures: new Map([[role, forged]]) };
    expect(await refusal(() => postEvent(bad))).toEqual([403, 'event-unsigned']);
    const renewal = await proposed({ change: 'renew', role: 'targets' });
    const half = await signed(renewal, 'admin a');
    expect(await refusal(() => postEvent(half))).toEqual([403, 'event-unsigned']);
    expect((await postEvent(await signed(half, 'admin c'))).status).toBe(201);
  });

  it('without a single signature the registry is not even read', async () => {
    const event = await proposed(await nextKey('next'));
    let reads = 0;
    const read = (path: string) => {
      reads++;
      return hub.store.read(path);
    };
    hub.world = { ...hub.world, objects: over(hub.store, { read }) };
    expect((await postEvent(event)).status).toBe(403);
    expect(reads).toBe(0);
  });

  it('REQ-REG-020 an event that another one overtook: 409', async () => {
    const [first, second] = [await proposed(await nextKey('one')), await proposed(await nextKey('two'))];
    const late = await signed(second, 'CN-BJ keys');
    expect((await postEvent(await signed(first, 'CN-BJ keys'))).status).toBe(201);
    expect(await refusal(() => postEvent(late))).toEqual([409, 'publication-conflict']);
  });

  it('REQ-KEY-012 what the checks of a ceremony find is told, though it was signed', async () => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    hub.now = addHours(hub.now, 5);
    expect(await refusal(() => postEvent(event))).toEqual([400, 'key-without-lead']);
  });

  it("REQ-REG-012 a region that signs another's file, rightly signed as it is: 422", async () => {
    const files = new Map(eventFiles(await proposed({ change: 'renew', role: 'CN-BJ.keys' })));
    const path = 'metadata/2.CN-BJ.keys.json';
    const json = JSON.parse(fromUtf8(files.get(path) ?? expect.unreachable()));
    json.signed.targets['regions/CN-GD/keys.json'] = json.signed.targets['regions/CN-BJ/keys.json'];
    files.set(path, jsonFile(json));
    const event = await signed(readEvent(files), 'CN-BJ keys');
    expect(await refusal(() => postEvent(event))).toEqual([422, 'role-overreach']);
  });

  it('REQ-ISS-025, REQ-ISS-002, REQ-ISS-001, REQ-CER-001 what is no event', async () => {
    const files = filesOf(await signed(await proposed(await nextKey('next')), 'CN-BJ keys'));
    const send = (body: unknown, headers?: Record<string, string>) => refusal(() => post(body, headers));
    expect(await send({ files }, { 'content-type': 'text/plain' })).toEqual([
      415,
      'content-type-unsupported',
    ]);
    expect(await send({ files }, { 'content-type': 'application/json5' })).toEqual([
      415,
      'content-type-unsupported',
    ]);
    expect(await send({ files: { 'event.json': 'x'.repeat(4 * 1024 * 1024) } })).toEqual([
      413,
      'request-too-large',
    ]);
    expect(await send({ files, more: 1 })).toEqual([400, 'request-malformed']);
    expect(await send({ files: [] })).toEqual([400, 'request-malformed']);
    expect(await send('')).toEqual([400, 'request-malformed']);
    expect(await send('{')).toEqual([400, 'json-malformed']);
    expect(await send({ files: {} })).toEqual([400, 'event-malformed']);
    expect(await send({ files: { ...files, '../../etc/passwd': 'x' } })).toEqual([400, 'event-malformed']);
    const paths = Object.keys(files).filter((path) => path.startsWith('targets/'));
    expect(await send({ files: { ...files, [paths[0] ?? '']: '{}' } })).toEqual([400, 'event-malformed']);
    expect((await post({ files }, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(201);
  });

  it('a registry that is not the pinned one signs nothing: 500, and nothing of it is told', async () => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    hub.world = { ...hub.world, pinnedRoot: () => Promise.reject(new SymbolonError('root-mismatch')) };
    expect(await refusal(() => postEvent(event))).toEqual([500, 'root-mismatch']);
  });
});

describe('REQ-REG-010 what anyone can send costs a few reads, however large and old the registry is', () => {
  const renewal = { change: 'renew', role: 'CN-BJ.keys' } as const;
  const online = () => ({ snapshot: hub.world.signers, timestamp: hub.world.signers });
  const publishNow = async (event: SigningEvent) =>
    publish(hub.store, await sealEvent(event, await hub.draft(), online(), hub.now));
  /** So many publications of the same role. */
  const goOn = async (times: number, change: Change = renewal) => {
    for (let at = 0; at < times; at++) {
      hub.now = addSeconds(hub.now, 60);
      const key = change.change === 'renew' && change.role === 'CN-GD.keys' ? 'CN-GD keys' : 'CN-BJ keys';
      await publishNow(await signed(await proposed(change), key));
    }
  };
  const garbled = async () => {
    const event = await proposed(await nextKey('garbled'));
    return { ...event, signatures: new Map([['CN-BJ.keys', new Map([['00'.repeat(32), 'ab']])]]) };
  };
  /** The answer, and what was read for it. */
  async function costOf(event: SigningEvent, memory = hub.world.memory) {
    const paths: string[] = [];
    const read = (path: string) => {
      paths.push(path);
      return hub.store.read(path);
    };
    hub.world = { ...hub.world, memory, objects: over(hub.store, { read }) };
    const { status, body } = await postEvent(event);
    hub.world = { ...hub.world, objects: hub.store };
    return { status, code: body['code'], paths };
  }
  /** Ten files of the registry's top, and a scheme each. */
  const COLD = 10 + Object.keys(SAMPLE_SCHEMES).length;
  const WARM = 2;

  it('a signature that is none: the top of the registry, once; no region, no bundle', async () => {
    const event = await garbled();
    const cold = await costOf(event);
    expect([cold.status, cold.code]).toEqual([403, 'event-unsigned']);
    expect(cold.paths.length).toBeLessThanOrEqual(COLD);
    expect(cold.paths.filter((path) => /CN-|bundle/.test(path))).toEqual([]);
    const warm = await costOf(event);
    expect(warm.code).toBe('event-unsigned');
    expect(warm.paths).toHaveLength(WARM);
    await goOn(12);
    const later = await costOf(await garbled(), registryMemory());
    expect(later.code).toBe('event-unsigned');
    expect(later.paths).toHaveLength(cold.paths.length);
  });

  it('what was published before: the same after 15 and after 30 publications more', async () => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    await publishNow(event);
    const now = await costOf(event, registryMemory());
    expect([now.status, now.paths.length]).toEqual([200, expect.any(Number)]);
    expect(now.paths.length).toBeLessThanOrEqual(COLD + 1);
    await goOn(3);
    const soon = await costOf(event, registryMemory());
    expect(soon.status).toBe(200);
    await goOn(12);
    const later = await costOf(event, registryMemory());
    await goOn(15);
    const latest = await costOf(event, registryMemory());
    expect([later.code, latest.code]).toEqual(['publication-conflict', 'publication-conflict']);
    expect(latest.paths.length).toBe(later.paths.length);
    expect(latest.paths.length).toBeLessThanOrEqual(COLD + 10);
  });

  it('REQ-CER-012 what lies there and was never published is no publication', async () => {
    const orphan = await signed(await proposed(await nextKey('orphan')), 'CN-BJ keys');
    const { files } = await sealEvent(orphan, await hub.draft(), online(), hub.now);
    const left = [...files].filter(([path]) => !path.endsWith('.snapshot.json'));
    for (const [path, bytes] of left) await hub.store.create(path, bytes);
    await goOn(1);
    expect(await hub.store.read('metadata/3.CN-BJ.keys.json')).toBeDefined();
    expect((await costOf(orphan)).code).toBe('publication-conflict');
    expect(await keysNow()).not.toContain((await seeded('orphan')).kid);
  });

  it('a role that another version has overtaken: told without the signatures being looked at', async () => {
    const late = await garbled();
    await goOn(1);
    const { status, code, paths } = await costOf(late);
    expect([status, code]).toEqual([409, 'publication-conflict']);
    expect(paths.length).toBeLessThanOrEqual(COLD + 1);
  });

  it('the whole registry is opened for what is signed, and once for as long as it is the same', async () => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    hub.now = addHours(hub.now, 5);
    const first = await costOf(event);
    expect(first.code).toBe('key-without-lead');
    expect(first.paths.some((path) => path.includes('CN-GD'))).toBe(true);
    const second = await costOf(event);
    expect(second.code).toBe('key-without-lead');
    expect(second.paths.length).toBeLessThanOrEqual(10);
    // A publication of another region ends that.
    await goOn(1, { change: 'renew', role: 'CN-GD.keys' });
    const third = await costOf(event);
    expect(third.code).toBe('key-without-lead');
    expect(third.paths.some((path) => path.includes('CN-GD'))).toBe(true);
  });

  it('REQ-REG-013 a root that was published after what was kept is seen', async () => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    hub.now = addHours(hub.now, 5);
    await costOf(event);
    const [kept, memory] = [await hub.world.memory.current(hub.store), hub.world.memory];
    expect(kept?.trust.root.signed.version).toBe(1);
    await hub.store.create('metadata/2.root.json', hub.root);
    expect(await memory.current(hub.store)).toBeUndefined();
  });
});

describe('the hourly timestamp publishes at the same time', () => {
  /** The timestamp is signed anew just before the publication moves it, so many times. */
  function beaten(times: number): { readonly objects: ObjectStore; readonly left: () => number } {
    let left = times;
    const replace = async (
      path: string,
      bytes: Uint8Array<ArrayBuffer>,
      previous: Uint8Array<ArrayBuffer>,
    ) => {
      if (path === 'metadata/timestamp.json' && left > 0) {
        left--;
        hub.now = addSeconds(hub.now, 1);
        const { signers } = hub.world;
        const online = { snapshot: signers, timestamp: signers };
        const read = (file: string) => hub.store.read(file);
        const renewed = { read, pinnedRoot: hub.root, signers: online, now: hub.now };
        await publish(hub.store, await resignTimestamp(renewed));
      }
      await hub.store.replace(path, bytes, previous);
    };
    return { objects: over(hub.store, { replace }), left: () => left };
  }

  it.each([1, 3])('whoever loses %i times starts again, and gets through', async (times) => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    const { objects, left } = beaten(times);
    hub.world = { ...hub.world, objects };
    expect((await postEvent(event)).status).toBe(201);
    expect(left()).toBe(0);
    expect(hub.lines[0]).toMatchObject({ event: 'publication.made', fields: { tries: times + 1 } });
    expect(await keysNow()).toContain((await seeded('next')).kid);
  });

  it('whoever loses each time is told, and can send the same again', async () => {
    const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
    hub.world = { ...hub.world, objects: beaten(99).objects };
    expect(await postEvent(event)).toMatchObject({ status: 409, body: { code: 'publication-conflict' } });
    hub.world = { ...hub.world, objects: hub.store };
    expect((await postEvent(event)).status).toBe(201);
  });
});

describe('REQ-REG-021 killed at any step', () => {
  it('before or after each write: readers see the old registry or the new one, and the next try finishes', async () => {
    let steps = 0;
    // The first time nothing fails, and the steps are counted.
    for (let at = 0; at <= steps; at++) {
      for (const when of ['before', 'after'] as const) {
        await hub.stop();
        hub = await startHub(NOW);
        hub.now = addHours(NOW, 2);
        const event = await signed(await proposed(await nextKey('next')), 'CN-BJ keys');
        const [old, next] = [await keysNow(), (await seeded('next')).kid];
        let step = 0;
        const killing = async (write: () => Promise<void>) => {
          step++;
          if (step === at && when === 'before') throw new Error('killed');
          await write();
          if (step === at && when === 'after') throw new Error('killed');
        };
        const objects = over(hub.store, {
          create: (path, bytes) => killing(() => hub.store.create(path, bytes)),
          replace: (path, bytes, previous) => killing(() => hub.store.replace(path, bytes, previous)),
        });
        hub.world = { ...hub.world, objects };
        const { status } = await postEvent(event);
        const seen = await keysNow();
        expect([old.join(), [...old, next].join()]).toContain(seen.join());
        // Whoever is answered 201 finds it published; whoever is not sends it again.
        if (status === 201) expect(seen).toContain(next);
        hub.world = { ...hub.world, objects: hub.store };
        expect((await postEvent(event)).status).toBe(seen.includes(next) ? 200 : 201);
        expect(await keysNow()).toContain(next);
        steps = Math.max(steps, step);
      }
    }
    // keys.json, the role, the snapshot, the timestamp, the bundle.
    expect(steps).toBe(5);
  });
});

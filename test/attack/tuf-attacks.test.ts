import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { addSeconds, DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { withRoot } from '@symbolon/registry/ceremony/draft';
import { rotateRoot } from '@symbolon/registry/ceremony/root';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { httpRepository } from '@symbolon/registry/http-repository';
import { jsonFile } from '@symbolon/registry/json-file';
import { type MemoryCache, memoryCache } from '@symbolon/registry/memory-cache';
import { openBundle } from '@symbolon/registry/open-bundle';
import { openRegistry } from '@symbolon/registry/open-registry';
import { cacheFiles, refresh } from '@symbolon/registry/refresh';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { Repository } from '@symbolon/registry/updater-ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  authorityOf,
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import {
  currentRole,
  type Files,
  forge,
  keyId,
  keyObject,
  objectIn,
  republishForged,
  signedOf,
} from '../support/forged-registry.ts';
import { endless, except, type Mirror, serving, startMirror } from '../support/mirror.ts';

/**
 * The attacks that the TUF specification names (1.0.34, "Goals to protect against specific attacks"; slow retrieval is from earlier versions),
 * and where the story of each is told. `registry` stands for registry.test.ts beside this file.
 *
 * | attack                              | story                                                                         |
 * | ----------------------------------- | ----------------------------------------------------------------------------- |
 * | arbitrary installation              | registry, "arbitrary software"                                                |
 * | endless data                        | registry, "a hostile server" (timestamp); here for every other kind of file   |
 * | extraneous dependencies             | here: no file depends on another, so it is about files that nobody asked for  |
 * | fast-forward                        | registry, "fast-forward"                                                      |
 * | indefinite freeze                   | registry, "freeze"; here as one of the malicious mirrors                      |
 * | malicious mirrors preventing updates| here                                                                          |
 * | mix-and-match                       | registry, "mix and match"                                                     |
 * | rollback                            | registry, "rollback"; here as one of the malicious mirrors                    |
 * | slow retrieval                      | here                                                                          |
 * | vulnerability to key compromises    | registry, "threshold" and "role overreach"; here the online keys and one admin|
 * | wrong software installation         | here                                                                          |
 *
 * Beyond that list: a bundle with its own root (registry, "another anchor"), a clock set back (verifier-time-and-status.test.ts, REQ-TIM-005), a
 * key without its lead (verifier-key-lead.test.ts), a rule that changed under its version (registry, REQ-RUL-005).
 */

const T1 = addSeconds(FIXTURE_NOW, 3600);
const T2 = addSeconds(FIXTURE_NOW, 7200);

let fixture: FederationFixture;
let attacker: Signer;
/** What was published at first, with the update that the client has, and with the one that it has not. */
let first: Files;
let moved: Files;
let newest: Files;
let cache: MemoryCache;
let state: ClientState;
let view: RegistryView;
/** The mirror that the client asks. */
let mirror: Mirror;

beforeEach(async () => {
  fixture = await buildFederation();
  attacker = await seededSigner('attacker');
  cache = memoryCache();
  mirror = await startMirror(serving(fixture.files));
  first = new Map(fixture.files);
  const before = await update(undefined, FIXTURE_NOW);
  await rename('Peking', T1, before.view);
  moved = new Map(fixture.files);
  ({ state, view } = await update(before.state, T1));
  // The legitimate update, and the client that moved.
  expect(before.view.regions['CN-BJ']?.region.names.en).not.toBe('Peking');
  expect(view.regions['CN-BJ']?.region.names.en).toBe('Peking');
  expect(state.timestampVersion).toBe(before.state.timestampVersion + 1);
  await rename('Beiping', T2, before.view);
  newest = new Map(fixture.files);
  mirror.asked.length = 0;
});

afterEach(() => mirror.close());

function update(seen: ClientState | undefined, now: Instant = T2, url = mirror.url) {
  const repository = httpRepository({ baseUrl: url });
  return refresh({ repository, cache, pinnedRoot: fixture.pinnedRoot, state: seen, now });
}

/** A legitimate update: Beijing gives itself another name. */
function rename(en: string, now: Instant, { regions }: RegistryView) {
  const region = regions['CN-BJ']?.region ?? expect.unreachable();
  const put = new Map([
    ['regions/CN-BJ/region.json', jsonFile({ ...region, names: { ...region.names, en } })],
  ]);
  return publishUpdate(fixture, now, (draft) =>
    updateRole(draft, { role: 'CN-BJ', put }, fixture.regions['CN-BJ'].admins, now),
  );
}

/** What the client has still opens, and is what it had. */
async function expectUnharmed(): Promise<void> {
  const { pinnedRoot } = fixture;
  const read = cacheFiles(cache);
  expect((await openRegistry({ read, pinnedRoot, state, now: T2, expiry: 'offline' })).view).toEqual(view);
}

const with404 = (files: Files, prefix: string): Files =>
  new Map([...files].filter(([path]) => !path.startsWith(prefix)));
const shortened = (paths: readonly string[]) => paths.map((path) => path.replace(/[0-9a-f]{64}/, 'HASH'));

describe('endless data', () => {
  const federal = (path: string) => path.endsWith('.federation.json');

  it.each<readonly [what: string, prefix: string, bound: number]>([
    ['a root', 'metadata/2.root.json', 512 * 1024],
    ['a snapshot, cut at the length that the timestamp tells', 'metadata/3.snapshot.json', 0],
  ])('REQ-REG-003 in place of %s ends the update, and harms nothing', async (_what, prefix, bound) => {
    mirror.answer = except(serving(newest), prefix, endless);
    const length = newest.get(prefix)?.length ?? bound;
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-too-large', bound: length });
    expect(mirror.asked.at(-1)).toBe(prefix);
    await expectUnharmed();
  });

  it('REQ-REG-003 in place of a file of the federation ends it, too, at the length that was signed', async () => {
    cache = memoryCache(new Map([...cache.files].filter(([path]) => !federal(path))));
    const path = [...newest.keys()].find(federal) ?? expect.unreachable();
    mirror.answer = except(serving(newest), path, endless);
    await expect(update(state)).rejects.toMatchObject({
      code: 'metadata-too-large',
      bound: newest.get(path)?.length,
    });
    expect(cache.files.has(path)).toBe(false);
  });

  it('REQ-REG-019 in place of a file of a region costs that region alone', async () => {
    mirror.answer = except(serving(newest), 'metadata/3.CN-BJ.json', endless);
    const updated = await update(state);
    expect(updated.view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed' });
    expect(Object.keys(updated.view.regions)).toEqual(['CN-GD', 'CN-HA']);
  });
});

describe('slow retrieval', () => {
  it('REQ-REG-009 a file that never comes to its end is given up, however steadily it drips', async () => {
    let drips = 0;
    mirror.answer = except(serving(newest), 'metadata/3.snapshot.json', (response) => {
      response.writeHead(200);
      const drip = setInterval(() => {
        drips += 1;
        response.write(' ');
      }, 5);
      response.on('close', () => clearInterval(drip));
    });
    const [patient, hasty] = [{}, { timeoutMs: 200 }].map((bound) =>
      httpRepository({ baseUrl: mirror.url, ...bound }),
    );
    const repository: Repository = {
      fetch: (path, ...rest) =>
        (path === 'metadata/3.snapshot.json' ? hasty : patient)?.fetch(path, ...rest) ?? expect.unreachable(),
    };
    const { pinnedRoot } = fixture;
    await expect(refresh({ repository, cache, pinnedRoot, state, now: T2 })).rejects.toMatchObject({
      code: 'metadata-unreachable',
    });
    expect(drips).toBeGreaterThan(0);
    await expectUnharmed();
  });
});

describe('malicious mirrors preventing updates', () => {
  const garbage = utf8('{"signed":{},"signatures":[]}');

  it.each<readonly [what: string, answer: () => Files, code: Code, now: Instant, asked: number]>([
    ['has nothing', () => new Map(), 'metadata-missing', T2, 2],
    ['shows what was first', () => first, 'metadata-rollback', T2, 2],
    ['shows for ever what the client has', () => moved, 'metadata-expired', addSeconds(T1, DAY_SECONDS), 2],
    [
      'gives the new timestamp, and holds the snapshot back',
      () => with404(newest, 'metadata/3.snapshot'),
      'metadata-missing',
      T2,
      3,
    ],
    [
      'gives garbage for a root',
      () => new Map([...newest, ['metadata/2.root.json', garbage]]),
      'metadata-malformed',
      T2,
      1,
    ],
    [
      'gives garbage for everything',
      () => new Map([...newest].map(([path]) => [path, garbage] as const)),
      'metadata-malformed',
      T2,
      2,
    ],
  ])(
    'REQ-REG-009 one that %s does not stand in the way of a good one',
    async (_what, answer, code, now, asked) => {
      mirror.answer = serving(answer());
      await expect(update(state, now)).rejects.toMatchObject({ code });
      expect(mirror.asked).toHaveLength(asked);
      await expectUnharmed();
      // The good mirror has signed again by then.
      await publishUpdate(fixture, now, async (draft) => draft);
      const good = await startMirror(serving(fixture.files));
      try {
        const updated = await update(state, now, good.url);
        expect(updated.view.regions['CN-BJ']?.region.names.en).toBe('Beiping');
        expect(updated.view.malformedRegions).toEqual({});
      } finally {
        await good.close();
      }
    },
  );
});

describe('extraneous dependencies', () => {
  it('REQ-REG-011 what no role lists is neither asked for nor read', async () => {
    const extra: [string, Bytes][] = [
      [`targets/regions/CN-BJ/${'0'.repeat(64)}.rules.extra.json`, utf8('{}')],
      ['targets/federation.json', utf8('{}')],
      ['metadata/1.CN-XX.json', newest.get('metadata/1.CN-GD.json') ?? utf8('')],
      ['metadata/9.targets.json', newest.get('metadata/1.targets.json') ?? utf8('')],
    ];
    const files = new Map([...newest, ...extra]);
    mirror.answer = serving(files);
    const updated = await update(state);
    expect(shortened(mirror.asked)).toEqual([
      'metadata/2.root.json',
      'metadata/timestamp.json',
      'metadata/3.snapshot.json',
      'metadata/3.CN-BJ.json',
      'targets/regions/CN-BJ/HASH.region.json',
    ]);
    // Neither does a bundle bring anything in.
    const { pinnedRoot } = fixture;
    const collected = await collectBundle({ read: newest });
    const bundle = await writeBundle(new Map([...collected, ...extra]));
    expect((await openBundle({ bundle, pinnedRoot, state, now: T2 })).view).toEqual(updated.view);
  });

  it('REQ-REG-012 a role that the snapshot lists and nobody delegates is no role', async () => {
    const hidden = {
      name: 'CN-XX',
      bytes: await forge({ ...signedOf(currentRole(newest, 'CN-GD')), version: 1 }, [attacker]),
    };
    mirror.answer = serving(await republishForged(newest, [hidden], fixture));
    const updated = await update(state);
    expect(mirror.asked.filter((path) => path.includes('CN-XX'))).toEqual([]);
    expect(Object.keys(updated.view.regions)).toEqual(['CN-BJ', 'CN-GD', 'CN-HA']);
    expect(updated.view.malformedRegions).toEqual({});
  });
});

describe('vulnerability to key compromises', () => {
  /** All keys of a root but its own are the attacker's. */
  function seized() {
    const key = keyObject(attacker);
    const role = { keyids: [keyId(key)], threshold: 1 };
    const root = signedOf(fixture.pinnedRoot);
    const { root: own } = objectIn(root, 'roles');
    const keys = { ...objectIn(root, 'keys'), [keyId(key)]: key };
    const roles = { root: own, targets: role, snapshot: role, timestamp: role };
    return { ...root, version: 2, keys, roles };
  }

  it('REQ-REG-004 who has the timestamp key can point nowhere but to what the snapshot key signed', async () => {
    mirror.answer = serving(await republishForged(newest, [], { ...fixture, snapshot: attacker }));
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-signatures' });
    expect(mirror.asked).toEqual([
      'metadata/2.root.json',
      'metadata/timestamp.json',
      'metadata/4.snapshot.json',
    ]);
    await expectUnharmed();
  });

  it('REQ-REG-004 who has the snapshot key gets no snapshot past the timestamp', async () => {
    mirror.answer = serving(await republishForged(newest, [], { ...fixture, timestamp: attacker }));
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-signatures' });
    expect(mirror.asked).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
    // Nor one in the place of the one that the timestamp describes.
    const snapshot = signedOf(newest.get('metadata/3.snapshot.json'));
    const swapped = await forge({ ...snapshot, note: 'another' }, [fixture.snapshot]);
    mirror.answer = serving(new Map([...newest, ['metadata/3.snapshot.json', swapped]]));
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-mismatch' });
    await expectUnharmed();
  });

  it('REQ-REG-004 who has one of three admin keys makes no root', async () => {
    const [one] = fixture.admins;
    const root = await forge(seized(), [one ?? expect.unreachable(), attacker]);
    mirror.answer = serving(new Map([...newest, ['metadata/2.root.json', root]]));
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-signatures' });
    expect(mirror.asked).toEqual(['metadata/2.root.json']);
    await expectUnharmed();
  });

  it('REQ-REG-005 and what was stolen is worth nothing once the admins have rotated it', async () => {
    const stolen = { snapshot: fixture.snapshot, timestamp: fixture.timestamp };
    const online = await seededSigner('online 2');
    const roles = { snapshot: authorityOf([online]), timestamp: authorityOf([online]) };
    const root = await rotateRoot({ current: fixture.pinnedRoot, roles, signers: fixture.admins, now: T2 });
    await publishUpdate({ ...fixture, snapshot: online, timestamp: online }, T2, (draft) =>
      withRoot(draft, root),
    );
    mirror.answer = serving(fixture.files);
    const recovered = await update(state);
    expect(recovered.state.rootVersion).toBe(2);
    mirror.answer = serving(await republishForged(fixture.files, [], stolen));
    mirror.asked.length = 0;
    await expect(update(recovered.state)).rejects.toMatchObject({ code: 'metadata-signatures' });
    // Nor does it help to hide the new root from a client that has it.
    mirror.answer = serving(await republishForged(newest, [], stolen));
    await expect(update(recovered.state)).rejects.toMatchObject({ code: 'metadata-signatures' });
    expect(new Set(mirror.asked)).toEqual(new Set(['metadata/3.root.json', 'metadata/timestamp.json']));
  });
});

describe('wrong software installation', () => {
  const pathOf = (region: string, name: string) =>
    [...newest.keys()].filter(
      (path) => path.startsWith(`targets/regions/${region}/`) && path.endsWith(`.${name}`),
    );

  it.each(['keys.json', 'region.json'])(
    'REQ-REG-019 the %s of one region, as it was signed, is not that of another',
    async (name) => {
      cache = memoryCache();
      const [henan] = pathOf('CN-HA', name);
      const swapped = pathOf('CN-GD', name).map(
        (path) => [path, newest.get(henan ?? '') ?? utf8('')] as const,
      );
      expect(swapped).toHaveLength(1);
      mirror.answer = serving(new Map([...newest, ...swapped]));
      const updated = await update(state);
      expect(updated.view.malformedRegions).toEqual({ 'CN-GD': 'region-malformed' });
      expect(Object.keys(updated.view.regions)).toEqual(['CN-BJ', 'CN-HA']);
      expect([...cache.files.keys()].filter((path) => path === swapped[0]?.[0])).toEqual([]);
    },
  );

  it('REQ-REG-019 nor is its role, though all of it was signed by who may sign it', async () => {
    cache = memoryCache();
    const henan = newest.get('metadata/1.CN-HA.json') ?? utf8('');
    mirror.answer = serving(new Map([...newest, ['metadata/1.CN-GD.json', henan]]));
    const updated = await update(state);
    expect(updated.view.malformedRegions).toEqual({ 'CN-GD': 'region-malformed' });
    // A role that was not accepted has no files to ask for.
    expect(mirror.asked.filter((path) => path.startsWith('targets/regions/CN-GD/'))).toEqual([]);
  });
});

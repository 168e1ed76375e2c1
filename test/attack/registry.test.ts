import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { addSeconds, DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { withRoot } from '@symbolon/registry/ceremony/draft';
import { createRoot, rotateRoot } from '@symbolon/registry/ceremony/root';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { ClientState } from '@symbolon/registry/client-state';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { httpRepository } from '@symbolon/registry/http-repository';
import { openBundle } from '@symbolon/registry/open-bundle';
import { openRegistry } from '@symbolon/registry/open-registry';
import { refresh } from '@symbolon/registry/refresh';
import type { Cache } from '@symbolon/registry/updater-ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  authorityOf,
  buildFederation,
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
  regionSigners,
  seededSigner,
} from '../support/federation-fixture.ts';
import {
  currentRole,
  type Files,
  forge,
  jsonBytes,
  keyId,
  keyObject,
  listing,
  objectIn,
  republishForged,
  signatureBy,
  signedOf,
} from '../support/forged-registry.ts';

/**
 * Attack stories (style, 22). Each begins the same way: a federation, a client that opened it, a legitimate update, and the client moved.
 * Then the attack, the code that refuses it, and where it matters what the client still asked for.
 */

const T1 = addSeconds(FIXTURE_NOW, 3600);
const T2 = addSeconds(FIXTURE_NOW, 7200);

let fixture: FederationFixture;
/** The files before the legitimate update. */
let before: Files;
/** The files after it. */
let files: Files;
let state: ClientState;
let attacker: Signer;

beforeEach(async () => {
  fixture = await buildFederation();
  attacker = await seededSigner('attacker');
  before = new Map(fixture.files);
  const first = await open(before, undefined, FIXTURE_NOW);
  const next = await seededSigner('CN-BJ credential 2');
  const { 'CN-BJ': beijing } = fixture.regions;
  const keys = [
    ...publishedKeys(beijing, T1),
    { ...publishedKeys(beijing, T1)[0], signer: next, use: 'credential' as const },
  ].map((key) => ({ notBefore: FIXTURE_NOW, notAfter: addSeconds(FIXTURE_NOW, 7 * DAY_SECONDS), ...key }));
  await publishUpdate(fixture, T1, (draft) =>
    updateRole(draft, { role: 'CN-BJ.keys', put: keysFile('CN-BJ', keys) }, [beijing.keys], T1),
  );
  files = new Map(fixture.files);
  const moved = await open(files, first.state, T1);
  // The legitimate update, and the client that moved.
  expect(first.view.regions['CN-BJ']?.keys.map(({ kid }) => kid)).not.toContain(next.kid);
  expect(moved.view.regions['CN-BJ']?.keys.map(({ kid }) => kid)).toContain(next.kid);
  expect(moved.state.timestampVersion).toBe(first.state.timestampVersion + 1);
  state = moved.state;
});

function open(
  from: Files,
  seen: ClientState | undefined,
  now: Instant = T2,
  expiry: 'online' | 'offline' = 'online',
) {
  return openRegistry({ read: from, pinnedRoot: fixture.pinnedRoot, state: seen, now, expiry });
}

/** Opens, and tells which files were asked for. */
async function openRecorded(from: Files, seen: ClientState | undefined) {
  const asked: string[] = [];
  const read = async (path: string) => {
    asked.push(path);
    return from.get(path);
  };
  const outcome = await openRegistry({
    read,
    pinnedRoot: fixture.pinnedRoot,
    state: seen,
    now: T2,
    expiry: 'online',
  }).then(
    () => 'opened',
    (error) => error.code,
  );
  return { outcome, asked };
}

async function bundleOf(from: Files): Promise<Bytes> {
  return writeBundle(await collectBundle({ read: from }));
}

describe('arbitrary software', () => {
  it('REQ-REG-004 refuses targets that a stranger signed, even one who holds both online keys', async () => {
    const signed = { ...signedOf(currentRole(files, 'targets')), version: 2 };
    const forged = { name: 'targets', bytes: await forge(signed, [attacker, await seededSigner('friend')]) };
    const { outcome, asked } = await openRecorded(await republishForged(files, [forged], fixture), state);
    expect(outcome).toBe('metadata-signatures');
    expect(asked.filter((path) => path.startsWith('targets/'))).toEqual([]);
  });

  it('REQ-REG-004 refuses a timestamp by another key, before anything else is asked for', async () => {
    const signed = { ...signedOf(files.get('metadata/timestamp.json')), version: 9 };
    const forged = new Map([...files, ['metadata/timestamp.json', await forge(signed, [attacker])]]);
    const { outcome, asked } = await openRecorded(forged, state);
    expect(outcome).toBe('metadata-signatures');
    expect(asked).toEqual(['metadata/1.root.json', 'metadata/2.root.json', 'metadata/timestamp.json']);
  });

  it('REQ-REG-019 a changed keys.json makes its region unusable, and no other', async () => {
    const put = keysFile('CN-BJ', [
      {
        signer: attacker,
        use: 'credential',
        notBefore: FIXTURE_NOW,
        notAfter: addSeconds(FIXTURE_NOW, 3600),
      },
    ]);
    const paths = [...files.keys()].filter((each) => /CN-BJ\/[0-9a-f]+\.keys\.json$/.test(each));
    const evil = [...put.values()][0] ?? new Uint8Array();
    const { view } = await open(new Map([...files, ...paths.map((each) => [each, evil] as const)]), state);
    expect(paths).toHaveLength(2);
    expect(view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed' });
    expect(Object.keys(view.regions)).toEqual(['CN-GD', 'CN-HA']);
  });

  it('REQ-REG-019 a region role signed by one of its three admins is not that region', async () => {
    const [one] = fixture.regions['CN-GD'].admins;
    const signed = { ...signedOf(currentRole(files, 'CN-GD')), version: 2 };
    const forged = { name: 'CN-GD', bytes: await forge(signed, one === undefined ? [] : [one]) };
    const { view } = await open(await republishForged(files, [forged], fixture), state);
    expect(view.malformedRegions).toEqual({ 'CN-GD': 'region-malformed' });
    expect(view.regions['CN-BJ']).toBeDefined();
  });
});

describe('threshold', () => {
  it('REQ-REG-004 refuses targets that one of the three admins signed', async () => {
    const [one] = fixture.admins;
    const signed = { ...signedOf(currentRole(files, 'targets')), version: 2 };
    const forged = { name: 'targets', bytes: await forge(signed, one === undefined ? [] : [one]) };
    await expect(open(await republishForged(files, [forged], fixture), state)).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
  });

  it('REQ-REG-002 refuses two signatures of one key under one key id', async () => {
    const [one] = fixture.admins;
    if (one === undefined) throw new TypeError('no admin');
    const signed = { ...signedOf(currentRole(files, 'targets')), version: 2 };
    const signatures = [await signatureBy(one, signed), await signatureBy(one, signed)];
    const forged = { name: 'targets', bytes: jsonBytes({ signatures, signed }) };
    await expect(open(await republishForged(files, [forged], fixture), state)).rejects.toMatchObject({
      code: 'metadata-malformed',
    });
  });

  it('REQ-REG-004 one key under two key ids counts once', async () => {
    // The admins were tricked into listing one key twice: an unknown field gives it a second key id.
    const [key, alias] = [keyObject(attacker), keyObject(attacker, { note: 'the same key' })];
    const { keys, roles, ...rest } = objectIn(signedOf(currentRole(files, 'targets')), 'delegations');
    const delegations = {
      ...rest,
      keys: { ...(typeof keys === 'object' ? keys : {}), [keyId(key)]: key, [keyId(alias)]: alias },
      roles: (Array.isArray(roles) ? roles : []).map((role) =>
        role.name === 'CN-GD' ? { ...role, keyids: [keyId(key), keyId(alias)], threshold: 2 } : role,
      ),
    };
    const targets = { ...signedOf(currentRole(files, 'targets')), version: 2, delegations };
    const region = { ...signedOf(currentRole(files, 'CN-GD')), version: 2 };
    const signatures = [
      await signatureBy(attacker, region),
      await signatureBy(attacker, region, keyId(alias)),
    ];
    const forged = await republishForged(
      files,
      [
        { name: 'targets', bytes: await forge(targets, fixture.admins) },
        { name: 'CN-GD', bytes: jsonBytes({ signatures, signed: region }) },
      ],
      fixture,
    );
    expect((await open(forged, state)).view.malformedRegions).toEqual({ 'CN-GD': 'region-malformed' });
  });
});

describe('rollback', () => {
  it('REQ-REG-005 refuses the registry of yesterday, and asks for nothing past its timestamp', async () => {
    const { outcome, asked } = await openRecorded(before, state);
    expect(outcome).toBe('metadata-rollback');
    expect(asked.at(-1)).toBe('metadata/timestamp.json');
  });

  it('REQ-BUN-003 refuses the bundle of yesterday', async () => {
    const [older, newer] = [await bundleOf(before), await bundleOf(files)];
    const { pinnedRoot } = fixture;
    await expect(openBundle({ bundle: older, pinnedRoot, state, now: T2 })).rejects.toMatchObject({
      code: 'bundle-rollback',
    });
    expect((await openBundle({ bundle: newer, pinnedRoot, state, now: T2 })).state).toEqual(state);
    // A client that has seen nothing cannot know.
    expect((await openBundle({ bundle: older, pinnedRoot, now: T2 })).view.version).toBe(1);
  });

  it('REQ-REG-005 refuses an older snapshot under a newer timestamp', async () => {
    const old = signedOf(before.get('metadata/timestamp.json'));
    const timestamp = { ...signedOf(files.get('metadata/timestamp.json')), version: 9 };
    const forged = await forge({ ...timestamp, meta: objectIn(old, 'meta') }, [fixture.timestamp]);
    await expect(open(new Map([...files, ['metadata/timestamp.json', forged]]), state)).rejects.toMatchObject(
      {
        code: 'metadata-rollback',
      },
    );
  });

  it('REQ-REG-005 refuses a snapshot that sets a role back, with the old role file that fits', async () => {
    const oldKeys = before.get('metadata/1.CN-BJ.keys.json') ?? new Uint8Array();
    const forged = await republishForged(files, [{ name: 'CN-BJ.keys', bytes: oldKeys }], fixture);
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'metadata-rollback' });
    expect((await open(forged, undefined)).view.regions['CN-BJ']?.keys).toHaveLength(2);
  });

  it('REQ-REG-005 refuses a snapshot that no longer lists a role', async () => {
    const forged = await republishForged(files, [], fixture, {
      snapshot: (signed) => {
        const { 'CN-GD.keys.json': _dropped, ...meta } = objectIn(signed, 'meta');
        return { ...signed, meta };
      },
    });
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'metadata-rollback' });
  });
});

describe('freeze', () => {
  const late = addSeconds(T1, 8 * DAY_SECONDS);

  it('REQ-REG-006 online, an expired timestamp is refused', async () => {
    await expect(open(files, state, addSeconds(T1, DAY_SECONDS))).rejects.toMatchObject({
      code: 'metadata-expired',
    });
    expect((await open(files, state, addSeconds(T1, DAY_SECONDS - 1))).view.version).toBe(2);
  });

  it('REQ-REG-014 offline, it opens, and tells how old it is', async () => {
    const { view, state: after } = await open(files, state, late, 'offline');
    expect(view.signedAt).toBe(T1);
    expect(view.regions['CN-BJ']?.expired).toBe(false);
    expect(after).toEqual(state);
  });

  it('REQ-REG-017 offline, a region is told apart once one of its roles has expired', async () => {
    const afterKeys = addSeconds(FIXTURE_NOW, 14 * DAY_SECONDS);
    const { view } = await open(files, state, afterKeys, 'offline');
    // Beijing signed its keys again an hour later than the others.
    expect(view.regions['CN-BJ']?.expired).toBe(false);
    expect(view.regions['CN-GD']?.expired).toBe(true);
    expect(view.regions['CN-GD']?.expires).toBe(afterKeys);
  });

  it('REQ-REG-017 online, an expired region is left out, and stops nobody else', async () => {
    // Snapshot and timestamp are signed again and again; Guangdong's keys role is not.
    const now = addSeconds(FIXTURE_NOW, 14 * DAY_SECONDS);
    const { 'CN-BJ': beijing, 'CN-HA': henan } = fixture.regions;
    await publishUpdate(fixture, addSeconds(now, -60), async (draft) => {
      const first = await updateRole(draft, { role: 'CN-BJ.keys' }, [beijing.keys], now);
      return updateRole(first, { role: 'CN-HA.keys' }, [henan.keys], now);
    });
    const { view } = await open(fixture.files, state, now);
    expect(view.malformedRegions).toEqual({ 'CN-GD': 'region-expired' });
    expect(Object.keys(view.regions)).toEqual(['CN-BJ', 'CN-HA']);
  });
});

describe('mix and match', () => {
  it('REQ-REG-007 refuses a snapshot of another moment than its timestamp', async () => {
    const oldSnapshot = before.get('metadata/1.snapshot.json') ?? new Uint8Array();
    const mixed = new Map([...files, ['metadata/2.snapshot.json', oldSnapshot]]);
    await expect(open(mixed, undefined)).rejects.toMatchObject({ code: 'metadata-mismatch' });
  });

  it('REQ-REG-007 refuses it without hashes, too, by its version', async () => {
    const oldSnapshot = before.get('metadata/1.snapshot.json') ?? new Uint8Array();
    const timestamp = signedOf(files.get('metadata/timestamp.json'));
    const bare = { ...timestamp, meta: { 'snapshot.json': { version: 2 } } };
    const mixed = new Map([
      ...files,
      ['metadata/2.snapshot.json', oldSnapshot],
      ['metadata/timestamp.json', await forge(bare, [fixture.timestamp])],
    ]);
    await expect(open(mixed, undefined)).rejects.toMatchObject({ code: 'metadata-mismatch' });
  });

  it('REQ-REG-019 an old role file under the new name makes its region unusable, and no other', async () => {
    const oldKeys = before.get('metadata/1.CN-BJ.keys.json') ?? new Uint8Array();
    const { view } = await open(new Map([...files, ['metadata/2.CN-BJ.keys.json', oldKeys]]), state);
    expect(view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed' });
    expect(view.regions['CN-GD']).toBeDefined();
  });
});

describe('fast-forward', () => {
  it("REQ-REG-013 whoever can write a client's state cannot change its anchor", async () => {
    const thief = await seededSigner('thief');
    const all = authorityOf([thief]);
    const roles = { root: all, targets: all, snapshot: all, timestamp: all };
    const own = await createRoot({ roles, signers: [thief], now: T2 });
    await expect(open(files, { ...state, root: fromUtf8(own) })).rejects.toMatchObject({
      code: 'root-mismatch',
    });
    const next = await rotateRoot({ current: own, roles: {}, signers: [thief], now: T2 });
    const planted = { ...state, root: fromUtf8(next), rootVersion: 2 };
    await expect(open(files, planted)).rejects.toMatchObject({ code: 'metadata-rollback' });
    const chained = new Map([...files, ['metadata/2.root.json', next]]);
    await expect(open(chained, planted)).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-005 a client that was led to version 2^53 - 1 comes back once the online keys are rotated', async () => {
    const far = Number.MAX_SAFE_INTEGER;
    const forged = await republishForged(files, [], fixture, {
      snapshot: (signed) => {
        const meta = objectIn(signed, 'meta');
        return { ...signed, meta: { ...meta, 'CN-XX.json': { version: far } } };
      },
      timestamp: (signed) => ({
        ...signed,
        version: far,
        signedAt: '2030-01-01T00:00:00Z',
        expires: '2030-02-01T00:00:00Z',
      }),
    });
    const poisoned = (await open(forged, state)).state;
    expect(poisoned.timestampVersion).toBe(far);
    expect(poisoned.newestSignedAt).toBeGreaterThan(T2);
    await expect(open(files, poisoned)).rejects.toMatchObject({ code: 'metadata-rollback' });

    const online = await seededSigner('online 2');
    const root = await rotateRoot({
      current: fixture.pinnedRoot,
      roles: { snapshot: authorityOf([online]), timestamp: authorityOf([online]) },
      signers: fixture.admins,
      now: T2,
    });
    await publishUpdate({ ...fixture, snapshot: online, timestamp: online }, T2, (draft) =>
      withRoot(draft, root),
    );
    const recovered = await open(fixture.files, poisoned);
    expect(recovered.state).toMatchObject({ rootVersion: 2, timestampVersion: 3, newestSignedAt: T2 });
    expect(recovered.state.roleVersions['CN-XX.json']).toBeUndefined();
    // And the protection is back.
    await expect(open(files, recovered.state)).rejects.toMatchObject({ code: 'metadata-rollback' });
    const bundle = await bundleOf(files);
    const { pinnedRoot } = fixture;
    await expect(openBundle({ bundle, pinnedRoot, state: recovered.state, now: T2 })).rejects.toMatchObject({
      code: 'bundle-rollback',
    });
  });

  it('REQ-REG-005 refuses a newer timestamp that says an earlier time: later times would be worth nothing', async () => {
    const forged = await republishForged(files, [], fixture, {
      timestamp: (signed) => ({ ...signed, signedAt: '2026-01-01T00:00:00Z' }),
    });
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'metadata-rollback' });
  });

  it('REQ-REG-005 a rotation of other keys forgets nothing', async () => {
    const fresh = await seededSigner('admin d');
    const admins = [...fixture.admins.slice(1), fresh];
    const root = await rotateRoot({
      current: fixture.pinnedRoot,
      roles: { root: authorityOf(admins, 2) },
      signers: [...fixture.admins, fresh],
      now: T2,
    });
    await expect(open(new Map([...before, ['metadata/2.root.json', root]]), state)).rejects.toMatchObject({
      code: 'metadata-rollback',
    });
  });
});

describe('role overreach', () => {
  const stolen = () =>
    keysFile('CN-BJ', [
      {
        signer: attacker,
        use: 'credential',
        notBefore: FIXTURE_NOW,
        notAfter: addSeconds(FIXTURE_NOW, DAY_SECONDS),
      },
    ]);

  async function withListing(role: string, targets: Files, signers: readonly Signer[]): Promise<Files> {
    const bytes = await forge(listing(signedOf(currentRole(files, role)), targets), signers);
    return republishForged(files, [{ name: role, bytes, targets }], fixture);
  }

  it('REQ-REG-012 the admins cannot sign keys of a region, though any TUF client would take them', async () => {
    const forged = await withListing('targets', stolen(), fixture.admins);
    const { outcome, asked } = await openRecorded(forged, state);
    expect(outcome).toBe('role-overreach');
    expect(asked.filter((path) => path.startsWith('targets/'))).toEqual([]);
  });

  it.each([
    ['a sibling', 'CN-GD', () => fixture.regions['CN-GD'].admins],
    ['the keys role of a sibling', 'CN-GD.keys', () => [fixture.regions['CN-GD'].keys]],
    ['the region itself, for its keys', 'CN-BJ', () => fixture.regions['CN-BJ'].admins],
  ])('REQ-REG-012 neither can %s', async (_who, role, signers) => {
    const forged = await withListing(role, stolen(), signers());
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'role-overreach' });
  });

  it('REQ-REG-012 nor a keys role anything but keys', async () => {
    const put = new Map([['regions/CN-GD/region.json', utf8('{}')]]);
    const forged = await withListing('CN-GD.keys', put, [fixture.regions['CN-GD'].keys]);
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'role-overreach' });
  });

  it('REQ-REG-012 nor the parent for a region below it', async () => {
    const put = new Map([['regions/CN-HA.zhengzhou/region.json', utf8('{}')]]);
    const forged = await withListing('CN-HA', put, fixture.regions['CN-HA'].admins);
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'role-overreach' });
  });

  it('REQ-REG-012 nor a region for the whole federation', async () => {
    const put = new Map([['schemes/health.json', utf8('{}')]]);
    const forged = await withListing('CN-HA', put, fixture.regions['CN-HA'].admins);
    await expect(open(forged, state)).rejects.toMatchObject({ code: 'role-overreach' });
  });

  it('REQ-REG-012 a region cannot bring forth a role of another name', async () => {
    const key = keyObject(attacker);
    const hijack = (name: string) => ({
      keys: { [keyId(key)]: key },
      roles: [
        { name, keyids: [keyId(key)], threshold: 1, terminating: true, paths: ['regions/CN-GD/keys.json'] },
      ],
    });
    for (const name of ['CN-BJ.keys', 'CN-GD.keys', 'CN-XX', 'CN-GDX']) {
      const signed = {
        ...signedOf(currentRole(files, 'CN-GD')),
        version: 2,
        delegations: hijack(name),
      };
      const forged = { name: 'CN-GD', bytes: await forge(signed, fixture.regions['CN-GD'].admins) };
      await expect(open(await republishForged(files, [forged], fixture), state)).rejects.toMatchObject({
        code: 'role-overreach',
      });
    }
  });

  it('REQ-REG-012 the ceremony does not sign any of this', async () => {
    await expect(
      publishUpdate(fixture, T2, (draft) =>
        updateRole(draft, { role: 'targets', put: stolen() }, fixture.admins, T2),
      ),
    ).rejects.toMatchObject({ code: 'role-overreach' });
  });
});

describe('a region against itself and others', () => {
  async function withRegionFile(name: string, change: (text: string) => string): Promise<Files> {
    const path = `regions/CN-GD/${name}`;
    const current = [...files].find(
      ([file]) => file.startsWith('targets/regions/CN-GD/') && file.endsWith(`.${name}`),
    );
    const text = new TextDecoder().decode(current?.[1]);
    const targets = new Map([[path, utf8(change(text))]]);
    const signed = listing(signedOf(currentRole(files, 'CN-GD')), targets);
    const bytes = await forge(signed, fixture.regions['CN-GD'].admins);
    return republishForged(files, [{ name: 'CN-GD', bytes, targets }], fixture);
  }

  it('REQ-RUL-005 a rule that changed under its version is reported, and stays reported', async () => {
    const forged = await withRegionFile('rules.health.json', (text) => text.replace('120h', '96h'));
    const opened = await open(forged, state);
    expect(opened.view.malformedRegions).toEqual({ 'CN-GD': 'rule-mutated' });
    expect(opened.state.ruleHashes).toEqual(state.ruleHashes);
    expect((await open(forged, opened.state)).view.malformedRegions).toEqual({ 'CN-GD': 'rule-mutated' });
    // A client that has never seen the rule cannot know.
    expect((await open(forged, undefined)).view.malformedRegions).toEqual({});
  });

  it.each([
    ['issuer', 'https://cn-gd.symbolon.test"', 'https://cn-bj.symbolon.test"'],
    ['DID', 'did:web:cn-gd.symbolon.test', 'did:web:cn-bj.symbolon.test'],
  ])(
    'REQ-REG-019 two regions with one %s are two regions that nobody can tell apart',
    async (_what, from, to) => {
      const forged = await withRegionFile('region.json', (text) => text.replace(from, to));
      const { view } = await open(forged, state);
      expect(view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed', 'CN-GD': 'region-malformed' });
      expect(Object.keys(view.regions)).toEqual(['CN-HA']);
    },
  );
});

describe('malformed metadata that a peer library accepts', () => {
  it.each([
    ['expires: "never"', { expires: 'never' }],
    ['expires: 30 February', { expires: '2027-02-30T00:00:00Z' }],
    ['version: 1.5', { version: 1.5 }],
    ['version: 0', { version: 0 }],
    ['version: "3"', { version: '3' }],
    ['spec_version: 2.0.0', { spec_version: '2.0.0' }],
    ['no signedAt', { signedAt: undefined }],
  ])('REQ-REG-002 refuses a timestamp with %s, though its key signed it', async (_what, change) => {
    const signed = { ...signedOf(files.get('metadata/timestamp.json')), version: 9, ...change };
    const forged = await forge(signed, [fixture.timestamp]);
    await expect(
      open(new Map([...files, ['metadata/timestamp.json', forged]]), state, T2, 'offline'),
    ).rejects.toMatchObject({ code: 'metadata-malformed' });
  });
});

describe('another anchor', () => {
  it('REQ-REG-013 a bundle with a root of its own is refused, with or without that root in it', async () => {
    const other = await buildFederation({ now: T1 });
    // The same keys would be the same federation: this one has its own admins and online keys.
    const twin = await rotateRootOnly(other);
    const foreign = await collectBundle({ read: twin });
    const { pinnedRoot } = fixture;
    const bundle = await writeBundle(foreign);
    await expect(openBundle({ bundle, pinnedRoot, now: T2 })).rejects.toMatchObject({
      code: 'root-mismatch',
    });
    const rootless = new Map([...foreign].filter(([path]) => !path.endsWith('.root.json')));
    await expect(
      openBundle({ bundle: await writeBundle(rootless), pinnedRoot, now: T2 }),
    ).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-001 without an anchor nothing is opened', async () => {
    const bundle = await bundleOf(files);
    await expect(openBundle({ bundle, pinnedRoot: undefined, now: T2 })).rejects.toMatchObject({
      code: 'no-trust-anchor',
    });
  });

  it('REQ-REG-013 state of one anchor does not serve another', async () => {
    const pinnedRoot = utf8(`${new TextDecoder().decode(fixture.pinnedRoot)}\n`);
    await expect(
      openRegistry({ read: files, pinnedRoot, state, now: T2, expiry: 'online' }),
    ).rejects.toMatchObject({ code: 'root-mismatch' });
  });

  it('REQ-REG-013 a history that forks where this client already was is refused', async () => {
    const [ours, theirs] = await Promise.all(
      [T1, T2].map((now) =>
        rotateRoot({ current: fixture.pinnedRoot, roles: {}, signers: fixture.admins, now }),
      ),
    );
    if (ours === undefined || theirs === undefined) throw new TypeError('no root');
    const moved = await open(new Map([...files, ['metadata/2.root.json', ours]]), state);
    expect(moved.state.rootVersion).toBe(2);
    await expect(
      open(new Map([...files, ['metadata/2.root.json', theirs]]), moved.state),
    ).rejects.toMatchObject({ code: 'root-mismatch' });
  });

  /** The files of a federation whose every key is another. */
  async function rotateRootOnly(other: FederationFixture): Promise<Files> {
    const impostor = await seededSigner('impostor');
    const resigned = new Map<string, Bytes>();
    for (const [path, bytes] of other.files) {
      if (!path.startsWith('metadata/')) resigned.set(path, bytes);
    }
    const key = keyObject(impostor);
    const role = { keyids: [keyId(key)], threshold: 1 };
    const root = {
      ...signedOf(other.pinnedRoot),
      keys: { [keyId(key)]: key },
      roles: { root: role, targets: role, snapshot: role, timestamp: role },
    };
    resigned.set('metadata/1.root.json', await forge(root, [impostor]));
    const targets = await forge(signedOf(currentRole(other.files, 'targets')), [impostor]);
    for (const id of ['CN-BJ', 'CN-GD', 'CN-HA']) {
      for (const name of [id, `${id}.keys`]) {
        resigned.set(`metadata/1.${name}.json`, currentRole(other.files, name));
      }
    }
    const seedFiles = new Map([
      ...resigned,
      ['metadata/timestamp.json', other.files.get('metadata/timestamp.json') ?? new Uint8Array()],
      ['metadata/1.snapshot.json', other.files.get('metadata/1.snapshot.json') ?? new Uint8Array()],
    ]);
    return republishForged(seedFiles, [{ name: 'targets', bytes: targets }], {
      snapshot: impostor,
      timestamp: impostor,
    });
  }
});

describe('a hostile server', () => {
  let server: Server;
  let base: string;
  let respond: (path: string, response: ServerResponse) => void;
  let asked: string[];
  const stored = new Map<string, Bytes>();
  const cache: Cache = {
    read: async (path) => stored.get(path),
    write: async (path, bytes) => {
      stored.set(path, bytes);
    },
    retain: async (paths) => {
      for (const path of stored.keys()) if (!paths.has(path)) stored.delete(path);
    },
  };
  const honest = (path: string, response: ServerResponse) => {
    const bytes = fixture.files.get(path);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  };

  beforeEach(async () => {
    stored.clear();
    asked = [];
    respond = honest;
    server = createServer((request, response) => {
      const path = (request.url ?? '').slice(1);
      asked.push(path);
      respond(path, response);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  function update(seen: ClientState | undefined, timeoutMs?: number) {
    return refresh({
      repository: httpRepository({ baseUrl: base, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
      cache,
      pinnedRoot: fixture.pinnedRoot,
      state: seen,
      now: T2,
    });
  }

  it('REQ-REG-003 endless data is cut off, and what was cached still opens', async () => {
    const good = await update(undefined);
    let closed = false;
    respond = (path, response) => {
      if (path !== 'metadata/timestamp.json') return honest(path, response);
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(200);
      const more = () => {
        while (!closed && response.write(new Uint8Array(65_536).fill(32)));
      };
      response.on('drain', more);
      more();
    };
    await expect(update(good.state)).rejects.toMatchObject({
      code: 'metadata-too-large',
      bound: 512 * 1024,
    });
    await expect.poll(() => closed).toBe(true);
    const offline = await openRegistry({
      read: (path) => cache.read(path),
      pinnedRoot: fixture.pinnedRoot,
      state: good.state,
      now: T2,
      expiry: 'offline',
    });
    expect(offline.view).toEqual(good.view);
  });

  it('REQ-REG-009 a server that does not answer is unreachable, not empty', async () => {
    respond = () => undefined;
    await expect(update(state, 200)).rejects.toMatchObject({ code: 'metadata-unreachable' });
    respond = (_path, response) => response.writeHead(500).end();
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-unreachable' });
  });

  it.each(['metadata/1.CN-GD.json', 'targets/regions/CN-GD/'])(
    'REQ-REG-009 one file that cannot be reached (%s) does not make its region vanish',
    async (prefix) => {
      respond = (path, response) =>
        path.startsWith(prefix) ? response.writeHead(503).end() : honest(path, response);
      await expect(update(state)).rejects.toMatchObject({ code: 'metadata-unreachable' });
    },
  );

  it('REQ-REG-007 bad bytes are not kept: the next update gets the good ones', async () => {
    respond = (path, response) =>
      path.startsWith('targets/') && path.endsWith('federation.json')
        ? response.writeHead(200).end('{}')
        : honest(path, response);
    await expect(update(state)).rejects.toMatchObject({ code: 'metadata-mismatch' });
    respond = honest;
    expect((await update(state)).view.version).toBe(2);
  });

  it('REQ-REG-009 an unchanged registry costs two requests', async () => {
    const first = await update(undefined);
    asked = [];
    const second = await update(first.state);
    expect(asked).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
    expect(second).toEqual(first);
  });

  it('REQ-REG-005 a root is kept as soon as it is trusted, even when the update then fails', async () => {
    const first = await update(undefined);
    const online = await seededSigner('online 2');
    const root = await rotateRoot({
      current: fixture.pinnedRoot,
      roles: { snapshot: authorityOf([online]), timestamp: authorityOf([online]) },
      signers: fixture.admins,
      now: T2,
    });
    respond = (path, response) =>
      path === 'metadata/2.root.json' ? response.writeHead(200).end(root) : honest(path, response);
    await expect(update(first.state)).rejects.toMatchObject({ code: 'metadata-signatures' });
    // The server now hides the rotation, and serves what the stolen timestamp key signed.
    respond = honest;
    await expect(update(first.state)).rejects.toMatchObject({ code: 'metadata-signatures' });
  });
});

describe('two publishers', () => {
  it('REQ-REG-020 cannot both win', async () => {
    const { 'CN-BJ': beijing, 'CN-GD': guangdong } = fixture.regions;
    const outcomes = await Promise.allSettled([
      publishUpdate(fixture, T2, (draft) => updateRole(draft, { role: 'CN-BJ.keys' }, [beijing.keys], T2)),
      publishUpdate(fixture, T2, (draft) => updateRole(draft, { role: 'CN-GD.keys' }, [guangdong.keys], T2)),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    const failures = outcomes.filter((each) => each.status === 'rejected');
    expect(failures.length).toBeGreaterThanOrEqual(1);
    for (const { reason } of failures) expect(reason).toMatchObject({ code: 'publication-conflict' });
    // Whoever lost signs again, on top of what is there now, and passes over what the race left behind.
    await publishUpdate(fixture, T2, (draft) =>
      updateRole(draft, { role: 'CN-GD.keys' }, [guangdong.keys], T2),
    );
    const { view } = await open(fixture.files, state);
    expect(Object.keys(view.regions)).toEqual(['CN-BJ', 'CN-GD', 'CN-HA']);
  });
});

describe('what the admins can do', () => {
  it('REQ-REG-019 give a region to other keys: its old signatures end, and the ceremony does not publish half of it', async () => {
    const takeover = await regionSigners('takeover');
    const delegate = [
      { region: 'CN-BJ', admins: authorityOf(takeover.admins, 2), keys: authorityOf([takeover.keys]) },
    ];
    await expect(
      publishUpdate(fixture, T2, (draft) =>
        updateRole(draft, { role: 'targets', delegate }, fixture.admins, T2),
      ),
    ).rejects.toMatchObject({ code: 'region-malformed' });
    await publishUpdate(fixture, T2, async (draft) => {
      let next = await updateRole(draft, { role: 'targets', delegate }, fixture.admins, T2);
      next = await updateRole(next, { role: 'CN-BJ' }, takeover.admins, T2);
      return updateRole(next, { role: 'CN-BJ.keys' }, [takeover.keys], T2);
    });
    const { view } = await open(fixture.files, state);
    expect(Object.keys(view.regions)).toContain('CN-BJ');
    const signed = { ...signedOf(currentRole(fixture.files, 'CN-BJ')), version: 3 };
    const old = { name: 'CN-BJ', bytes: await forge(signed, fixture.regions['CN-BJ'].admins) };
    const forged = await republishForged(fixture.files, [old], fixture);
    expect((await open(forged, state)).view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed' });
  });
});

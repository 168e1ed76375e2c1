import { sha256 } from '@symbolon/keys/digest';
import { fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import type { Draft } from '../ceremony/draft.ts';
import { delegationsWith } from '../ceremony/region-delegation.ts';
import { updateRole } from '../ceremony/update-role.ts';
import { targetFile } from '../metadata/file-names.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { forgeRole, forgeTarget } from '../testing/forge-target.ts';
import {
  ADMINS,
  createSmallRegistry,
  delegationTo,
  FEDERATION,
  later,
  NOW,
  regionSigners,
  republish,
  SCHEME,
  type SmallRegistry,
  withRegion,
} from '../testing/small-registry.ts';
import { ClientState } from './client-state.ts';
import { openRegistry } from './open-registry.ts';

const open = ({ store, pinnedRoot }: SmallRegistry, state?: ClientState) =>
  openRegistry({ read: store.files, pinnedRoot, state, now: NOW, expiry: 'online' });

/** Regions one below the other: CN-HA, CN-HA.a, CN-HA.a.b, ... */
async function nested(registry: SmallRegistry, depth: number): Promise<readonly string[]> {
  const ids = Array.from({ length: depth }, (_, i) => ['CN-HA', 'a', 'b', 'c'].slice(0, i + 1).join('.'));
  await republish(registry, NOW, async (draft: Draft) => {
    let next = draft;
    for (const [i, id] of ids.entries()) {
      const parent = ids[i - 1];
      if (parent === undefined) continue;
      const signers = await regionSigners(id);
      const delegate = [delegationTo(id, signers)];
      next = await updateRole(next, { role: parent, delegate }, (await regionSigners(parent)).admins, NOW);
      next = await withRegion(next, id, signers);
    }
    return next;
  });
  return ids;
}

describe('a registry as plain data', () => {
  it('has the federation, its schemes and its regions, as each was signed', async () => {
    const registry = await createSmallRegistry();
    const { view } = await open(registry);
    expect(view).toMatchObject({
      version: 1,
      signedAt: NOW,
      rootExpires: later(365),
      targetsExpires: later(365),
      federation: FEDERATION,
      dictionary: { version: 1, names: ['green', 'red'] },
      malformedRegions: {},
    });
    expect(Object.keys(view.schemes)).toEqual(['health']);
    expect(Object.keys(view.regions)).toEqual(['CN-BJ', 'CN-HA']);
    const region = view.regions['CN-HA'];
    expect(region?.region.issuer).toBe('https://cn-ha.example');
    expect(region?.keys).toHaveLength(1);
    expect(region?.keys[0]?.notBefore).toBe(NOW);
    expect(region?.ruleSets['health']?.rules[0]?.id).toBe('clear');
    expect(region?.recognition).toEqual({ region: 'CN-HA', schemes: {} });
    expect(region).toMatchObject({ expires: later(14), expired: false });
    expect(structuredClone(view)).toEqual(view);
  });

  it('gives state that survives JSON, and that the next call takes', async () => {
    const registry = await createSmallRegistry();
    const first = await open(registry);
    const kept = ClientState.parse(JSON.parse(JSON.stringify(first.state)));
    expect(kept).toEqual(first.state);
    expect((await open(registry, kept)).state).toEqual(first.state);
    const marked = { ...kept, listIssuedAt: { 'https://cn-ha.example/lists/1': NOW } };
    expect((await open(registry, marked)).state.listIssuedAt).toEqual(marked.listIssuedAt);
  });

  it('REQ-REG-010 reads regions four deep', async () => {
    const registry = await createSmallRegistry();
    const ids = await nested(registry, 4);
    const { view } = await open(registry);
    expect(Object.keys(view.regions)).toEqual(['CN-BJ', ...ids]);
    expect(view.regions['CN-HA.a.b.c']?.region.region).toBe('CN-HA.a.b.c');
  });

  it('REQ-REG-010 and no deeper', async () => {
    const registry = await createSmallRegistry();
    await nested(registry, 4);
    const { admins } = await regionSigners('CN-HA.a.b.c');
    const store = await forgeRole(registry, 'CN-HA.a.b.c', admins, () => ({
      delegations: delegationsWith({}, [delegationTo('CN-GD', registry.regions['CN-HA'])], []),
    }));
    await expect(open({ ...registry, store })).rejects.toMatchObject({ code: 'delegation-bounds', bound: 4 });
  });

  it('REQ-REG-010 and no more than 4,096 roles, however many roles delegate them', async () => {
    const registry = await createSmallRegistry();
    const { pinnedRoot, regions } = registry;
    /** Adds so many, which nobody can sign. */
    const widened =
      (prefix: string, count: number) =>
      ({ raw }: TargetsMetadata) => {
        const { keys = {}, roles = [] } = Object(raw['delegations']);
        const more = Array.from({ length: count }, (_, i) => ({
          ...{ name: `${prefix}r${i}`, keyids: ['0'.repeat(64)], threshold: 1, terminating: true },
          paths: ['x'],
        }));
        return { delegations: { keys, roles: [...roles, ...more] } };
      };
    // With targets itself and the roles that are there, five.
    const top = await forgeRole(registry, 'targets', ADMINS, widened('', 1364));
    const one = { pinnedRoot, store: top };
    const two = await forgeRole(one, 'CN-HA', regions['CN-HA'].admins, widened('CN-HA.', 1364));
    const three = (count: number) =>
      forgeRole({ pinnedRoot, store: two }, 'CN-BJ', regions['CN-BJ'].admins, widened('CN-BJ.', count));
    const { view } = await open({ ...registry, store: await three(1363) });
    expect(Object.keys(view.malformedRegions)).toHaveLength(4096 - 5);
    expect(Object.keys(view.regions)).toEqual(['CN-BJ', 'CN-HA']);
    await expect(open({ ...registry, store: await three(1364) })).rejects.toMatchObject({
      code: 'delegation-bounds',
      bound: 4096,
    });
  });

  it('REQ-REG-012 a region has one delegator', async () => {
    const registry = await createSmallRegistry();
    await nested(registry, 2);
    const delegate = [delegationTo('CN-HA.a', await regionSigners('CN-HA.a'))];
    await expect(
      republish(registry, NOW, (draft) => updateRole(draft, { role: 'targets', delegate }, ADMINS, NOW)),
    ).rejects.toMatchObject({ code: 'role-overreach' });
  });

  it('REQ-REG-017 a region lives no longer than those above it', async () => {
    const registry = await createSmallRegistry();
    await nested(registry, 2);
    const { admins, keys } = await regionSigners('CN-HA.a');
    await republish(registry, NOW, async (draft) => {
      const own = await updateRole(draft, { role: 'CN-HA.a', expires: later(200) }, admins, NOW);
      return updateRole(own, { role: 'CN-HA.a.keys', expires: later(100) }, [keys], NOW);
    });
    const at = async (days: number) => {
      const { store, pinnedRoot } = registry;
      const options = { read: store.files, pinnedRoot, now: later(days), expiry: 'offline' } as const;
      return (await openRegistry(options)).view.regions['CN-HA.a'];
    };
    expect(await at(89)).toMatchObject({ expires: later(90), expired: false });
    expect(await at(90)).toMatchObject({ expires: later(90), expired: true });
  });
});

const OPERATOR = JSON.stringify({
  kid: 'AAAAAAAAAAA',
  alg: 'ES256',
  jwk: ADMINS[0].publicJwk,
  roles: ['reviewer'],
});

describe('REQ-REG-019 what is wrong with one region', () => {
  it('is told of those below it, too, whose delegation cannot be read', async () => {
    const registry = await createSmallRegistry();
    await nested(registry, 3);
    const files = new Map(registry.store.files);
    files.set('metadata/2.CN-HA.json', utf8('{}'));
    const { view } = await openRegistry({
      read: files,
      pinnedRoot: registry.pinnedRoot,
      now: NOW,
      expiry: 'online',
    });
    expect(view.malformedRegions).toEqual({
      'CN-HA': 'region-malformed',
      'CN-HA.a': 'region-malformed',
      'CN-HA.a.b': 'region-malformed',
    });
    expect(Object.keys(view.regions)).toEqual(['CN-BJ']);
  });

  it('tells a region that is not in this copy from a damaged one', async () => {
    const registry = await createSmallRegistry();
    const files = new Map([...registry.store.files].filter(([path]) => !path.includes('.CN-HA.')));
    const { pinnedRoot } = registry;
    const { view } = await openRegistry({ read: files, pinnedRoot, now: NOW, expiry: 'offline' });
    expect(view.malformedRegions).toEqual({ 'CN-HA': 'metadata-missing' });
  });

  it.each([
    ['a key under another kid', 'keys.json', /"kid": "[^"]+"/, '"kid": "AAAAAAAAAAA"'],
    ['keys of another region', 'keys.json', '"region": "CN-HA"', '"region": "CN-BJ"'],
    ['a file of another region', 'region.json', '"region": "CN-HA"', '"region": "CN-BJ"'],
    ['rules of another scheme', 'rules.health.json', '"scheme": "health"', '"scheme": "travel"'],
    ['another algorithm than the key has', 'keys.json', '"alg": "ES256"', '"alg": "EdDSA"'],
    ['an operator under another kid', 'region.json', '"operators": []', `"operators": [${OPERATOR}]`],
    ['no JSON', 'recognition.json', '{', ''],
  ])('is seen in %s', async (_what, name, from, to) => {
    // The region signs it so: this is about its content, not about the signature.
    const registry = await createSmallRegistry();
    const path = [...registry.store.files.keys()].find(
      (each) => each.includes('/CN-HA/') && each.endsWith(`.${name}`),
    );
    const text = fromUtf8(registry.store.files.get(path ?? '') ?? new Uint8Array());
    const store = await forgeTarget(registry, name, text.replace(from, to));
    const { view } = await open({ ...registry, store });
    expect(text.replace(from, to)).not.toBe(text);
    expect(view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    expect(view.regions['CN-BJ']).toBeDefined();
  });

  it('is seen in a file that is listed as longer than any may be, which is not read', async () => {
    const registry = await createSmallRegistry();
    const path = 'regions/CN-HA/region.json';
    const store = await forgeRole(registry, 'CN-HA', registry.regions['CN-HA'].admins, ({ signed }) => {
      const info = signed.targets[path] ?? expect.unreachable();
      return { targets: { ...signed.targets, [path]: { ...info, length: 512 * 1024 + 1 } } };
    });
    const read: string[] = [];
    const { view } = await openRegistry({
      read: async (each) => {
        read.push(each);
        return store.files.get(each);
      },
      pinnedRoot: registry.pinnedRoot,
      now: NOW,
      expiry: 'online',
    });
    expect(view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    expect(read.filter((each) => /CN-HA\/.*region\.json/.test(each))).toEqual([]);
  });

  it('is that it publishes new rules without end: it fills its own room, and no other region’s', async () => {
    const registry = await createSmallRegistry();
    const { state } = await open(registry);
    const full = (count: number) => {
      const rules = Array.from({ length: count }, (_, i) => [`CN-HA/health/old@${i + 1}`, '0'.repeat(64)]);
      return { ...state, ruleHashes: Object.fromEntries(rules) };
    };
    expect((await open(registry, full(4095))).view.malformedRegions).toEqual({});
    const { view } = await open(registry, full(4096));
    expect(view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    expect(Object.keys(view.regions)).toEqual(['CN-BJ']);
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    [
      'a scheme under another name',
      { 'schemes/other.json': JSON.stringify(SCHEME) },
      { code: 'metadata-malformed', path: 'id' },
    ],
    ['a scheme that is none', { 'schemes/other.json': '{}' }, { code: 'metadata-malformed' }],
    ['a scheme that is no JSON', { 'schemes/other.json': 'scheme' }, { code: 'metadata-malformed' }],
    ['a policy that is no JSON', { 'federation.json': '{"a":1,"a":2}' }, { code: 'metadata-malformed' }],
    ['numbers of names that are no list', { 'dictionary.json': '{}' }, { code: 'metadata-malformed' }],
  ])('REQ-REG-002 %s, signed by the admins, is wrong for everyone', async (_what, files, refusal) => {
    const registry = await createSmallRegistry();
    const entries = Object.entries(files).map(([path, text]) => {
      const hash = toHex(sha256(utf8(text)));
      return { path, bytes: utf8(text), info: { length: utf8(text).length, hashes: { sha256: hash } } };
    });
    const store = await forgeRole(registry, 'targets', ADMINS, ({ signed }) => ({
      targets: { ...signed.targets, ...Object.fromEntries(entries.map(({ path, info }) => [path, info])) },
    }));
    for (const { path, bytes, info } of entries)
      await store.create(targetFile(path, info.hashes.sha256), bytes);
    await expect(open({ ...registry, store })).rejects.toMatchObject(refusal);
  });

  it('a source that fails has failed: nothing is said of the federation, nor of any region', async () => {
    const { store, pinnedRoot } = await createSmallRegistry();
    const failure = new Error('the disk is away');
    for (const name of ['federation.json', 'region.json']) {
      const read = async (path: string) => {
        if (path.endsWith(`.${name}`)) throw failure;
        return store.files.get(path);
      };
      await expect(openRegistry({ read, pinnedRoot, now: NOW, expiry: 'online' })).rejects.toBe(failure);
    }
  });

  it('a federation file that is wrong is wrong for everyone', async () => {
    const registry = await createSmallRegistry();
    const files = new Map([...registry.store.files].filter(([path]) => !path.endsWith('.federation.json')));
    const { pinnedRoot } = registry;
    await expect(openRegistry({ read: files, pinnedRoot, now: NOW, expiry: 'online' })).rejects.toMatchObject(
      { code: 'metadata-missing' },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { openDraft, withRoot } from '../ceremony/draft.ts';
import { jsonFile } from '../ceremony/json-file.ts';
import { publish } from '../ceremony/publish.ts';
import { rotateRoot } from '../ceremony/root.ts';
import { seal } from '../ceremony/seal.ts';
import { updateRole } from '../ceremony/update-role.ts';
import {
  ADMINS,
  createSmallRegistry,
  FEDERATION,
  keyFiles,
  later,
  NOW,
  ONLINE,
  republish,
  signer,
} from '../testing/small-registry.ts';
import { readBundle, writeBundle } from './bundle.ts';
import { collectBundle } from './collect-bundle.ts';
import { openBundle } from './open-bundle.ts';
import { listPath } from './status-lists.ts';

const registry = await createSmallRegistry();
const { pinnedRoot, store } = registry;
const LISTS = new Map([
  [listPath('CN-BJ', '498861'), 'token of Beijing'],
  [listPath('CN-HA', '498861'), 'token of Henan'],
]);

describe('what a bundle holds', () => {
  it('is the current registry, as it is opened from the repository itself', async () => {
    await republish(registry, NOW, (draft) =>
      updateRole(
        draft,
        { role: 'CN-BJ.keys', put: keyFiles('CN-BJ', ['epoch 2']) },
        [registry.regions['CN-BJ'].keys],
        NOW,
      ),
    );
    const files = await collectBundle({ read: store.files, lists: LISTS });
    // What an older version left behind is not in it.
    expect(files.has('metadata/1.CN-BJ.keys.json')).toBe(false);
    expect(files.has('metadata/2.CN-BJ.keys.json')).toBe(true);
    expect(files.has('metadata/1.root.json')).toBe(true);
    const bundle = await writeBundle(files);
    const opened = await openBundle({ bundle, pinnedRoot, now: later(0.1) });
    expect(opened.view.regions['CN-BJ']?.keys).toHaveLength(1);
    expect(opened.view.malformedRegions).toEqual({});
    expect(opened.lists).toEqual([
      { region: 'CN-BJ', id: '498861', token: 'token of Beijing' },
      { region: 'CN-HA', id: '498861', token: 'token of Henan' },
    ]);
    expect(await writeBundle(await collectBundle({ read: store.files, lists: LISTS }))).toEqual(bundle);
  });

  it('can be the parts of chosen regions', async () => {
    const all = await collectBundle({ read: store.files, lists: LISTS });
    const files = await collectBundle({ read: store.files, lists: LISTS, regions: ['CN-HA'] });
    expect(files.size).toBeLessThan(all.size);
    expect([...files.keys()].filter((path) => path.includes('CN-BJ'))).toEqual([]);
    const opened = await openBundle({ bundle: await writeBundle(files), pinnedRoot, now: NOW });
    expect(Object.keys(opened.view.regions)).toEqual(['CN-HA']);
    expect(opened.view.malformedRegions).toEqual({ 'CN-BJ': 'metadata-missing' });
    expect(opened.lists.map(({ region }) => region)).toEqual(['CN-HA']);
    // It moves the state no less than a whole one.
    const whole = await openBundle({ bundle: await writeBundle(all), pinnedRoot, now: NOW });
    expect(opened.state.roleVersions).toEqual(whole.state.roleVersions);
  });

  it('REQ-LOG-017 carries what the registry says of its log, whole, where the federation names one', async () => {
    const logged = await createSmallRegistry();
    const path = 'log/registry.json';
    const text = new Uint8Array([0x7b, 0x7d]);
    await logged.store.create(path, text);
    expect((await collectBundle({ read: logged.store.files })).has(path)).toBe(false);
    const { publicJwk, kid } = await signer('log', 'EdDSA');
    const log = {
      origin: 'hub.example/log',
      url: 'https://hub.example/log',
      keys: [{ kid, alg: 'EdDSA', jwk: publicJwk }],
    };
    const { publicJwk: jwk, kid: witness } = await signer('witness', 'EdDSA');
    const of = [{ name: 'witness.example', url: 'https://witness.example', kid: witness, alg: 'EdDSA', jwk }];
    const federation = { ...FEDERATION, log, witnesses: { threshold: 1, of } };
    const put = new Map([['federation.json', jsonFile(federation)]]);
    await republish(logged, NOW, (draft) => updateRole(draft, { role: 'targets', put }, ADMINS, NOW));
    for (const regions of [undefined, ['CN-HA']]) {
      const files = await collectBundle({ read: logged.store.files, ...(regions && { regions }) });
      expect(files.get(path)).toEqual(text);
      const bundle = await writeBundle(files);
      const opened = await openBundle({ bundle, pinnedRoot: logged.pinnedRoot, now: NOW });
      expect(opened.registryLog).toEqual(text);
    }
    const without = new Map([...logged.store.files].filter(([each]) => each !== path));
    expect((await collectBundle({ read: without })).has(path)).toBe(false);
  });

  it('carries every root, however many there were, and a client that pinned the first one opens it', async () => {
    const { pinnedRoot: first, store: long } = await createSmallRegistry();
    let root = first;
    let draft = await openDraft({ read: long.files, pinnedRoot: first, now: NOW });
    for (let version = 2; version <= 300; version++) {
      root = await rotateRoot({ current: root, roles: {}, signers: ADMINS, now: NOW });
      draft = await withRoot(draft, root);
    }
    await publish(long, await seal(draft, ONLINE, NOW));
    const files = await collectBundle({ read: long.files });
    expect(files.has('metadata/300.root.json')).toBe(true);
    const bundle = await writeBundle(files);
    const { state } = await openBundle({ bundle, pinnedRoot: first, now: NOW });
    expect(state.rootVersion).toBe(300);
    const again = await openBundle({ bundle, pinnedRoot: first, state, now: NOW });
    expect(again.state).toEqual(state);
  });

  it('REQ-REG-019 leaves out a damaged file of one region, and so carries the others', async () => {
    const damaged = [...store.files.keys()].filter((path) => path.includes('/CN-BJ/'));
    const read = new Map([...store.files, ...damaged.map((path) => [path, Uint8Array.of(0xff)] as const)]);
    const bundle = await writeBundle(await collectBundle({ read }));
    const { view } = await openBundle({ bundle, pinnedRoot, now: NOW });
    expect(view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed' });
    expect(Object.keys(view.regions)).toEqual(['CN-HA']);
  });

  it('REQ-REG-011 cannot be the parts of a region that is not there', async () => {
    await expect(collectBundle({ read: store.files, regions: ['CN-XX'] })).rejects.toMatchObject({
      code: 'target-unknown',
    });
    await expect(collectBundle({ read: new Map() })).rejects.toMatchObject({ code: 'no-trust-anchor' });
  });

  it('is the same, however the files of the repository are read', async () => {
    const asked: string[] = [];
    const files = await collectBundle({
      read: async (path) => {
        asked.push(path);
        return store.files.get(path);
      },
    });
    expect(files).toEqual(await collectBundle({ read: store.files }));
    expect(asked).toContain('metadata/timestamp.json');
  });

  it('REQ-DEC-026 takes no other file for a list', async () => {
    const paths = ['lists/1', 'lists/keys/1', 'lists/CN-HA/1/2', 'lists/CN-HA/3'];
    const files = new Map<string, string | Uint8Array<ArrayBuffer>>([
      ...(await collectBundle({ read: store.files })),
      ...paths.map((path) => [path, path] as const),
    ]);
    const { lists } = await openBundle({ bundle: await writeBundle(files), pinnedRoot, now: NOW });
    expect(lists).toEqual([{ region: 'CN-HA', id: '3', token: 'lists/CN-HA/3' }]);
  });

  it('REQ-DEC-026 has lists under plain ids only', async () => {
    expect(() => listPath('CN-HA', '../x')).toThrowError(expect.objectContaining({ code: 'id-malformed' }));
    expect(() => listPath('keys', 'x')).toThrowError(expect.objectContaining({ code: 'id-malformed' }));
    const files = await readBundle(await writeBundle(new Map([['lists/CN-HA/1', 'x']])));
    expect([...files.keys()]).toEqual(['lists/CN-HA/1']);
  });
});

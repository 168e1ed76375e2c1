import { kidOf } from '@symbolon/keys/kid';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { formatInstant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '../registry-view/open-registry.ts';
import {
  ADMINS,
  authority,
  createSmallRegistry,
  DICTIONARY,
  delegationTo,
  keyFiles,
  keysJson,
  later,
  NOW,
  ONLINE,
  ROOT_ROLES,
  regionFiles,
  regionSigners,
  republish,
  type SmallRegistry,
  signer,
  withRegion,
} from '../testing/small-registry.ts';
import { authorityIn, type Draft, openDraft, startDraft, withRoot } from './draft.ts';
import { jsonFile } from './json-file.ts';
import { createRoot, rotateRoot } from './root.ts';
import { seal } from './seal.ts';
import { cosign } from './sign.ts';
import { adoptRole, prepareRole, type RoleUpdate, updateRole } from './update-role.ts';

let registry: SmallRegistry;
let draft: Draft;

beforeEach(async () => {
  registry = await createSmallRegistry();
  draft = await openDraft({ read: registry.store.files, pinnedRoot: registry.pinnedRoot, now: NOW });
});

const view = async (now = NOW) => {
  const { store, pinnedRoot } = registry;
  return (await openRegistry({ read: store.files, pinnedRoot, now, expiry: 'online' })).view;
};

describe('root', () => {
  it.each([
    ['a threshold above its keys', { root: authority(ADMINS, 4) }, 'threshold-unreachable'],
    ['a threshold of 0', { timestamp: authority(ADMINS, 0) }, 'threshold-unreachable'],
    ['one key twice', { targets: authority([...ADMINS, ...ADMINS.slice(0, 1)], 2) }, 'key-duplicate'],
  ])('REQ-REG-004, REQ-KEY-011 is not made with %s', async (_what, change, code) => {
    const roles = { ...ROOT_ROLES, ...change };
    await expect(createRoot({ roles, signers: ADMINS, now: NOW })).rejects.toMatchObject({ code });
  });

  it('REQ-REG-004 is not made by too few', async () => {
    await expect(
      createRoot({ roles: ROOT_ROLES, signers: ADMINS.slice(0, 1), now: NOW }),
    ).rejects.toMatchObject({ code: 'metadata-signatures', bound: 2 });
    const fresh = await signer('fresh');
    const roles = { root: authority([fresh, ...ADMINS.slice(2)]) };
    for (const signers of [ADMINS, [fresh, ...ADMINS.slice(2)]]) {
      await expect(
        rotateRoot({ current: registry.pinnedRoot, roles, signers, now: NOW }),
      ).rejects.toMatchObject({ code: 'metadata-signatures' });
    }
  });

  it('REQ-REG-006 is not made to have expired', async () => {
    await expect(
      createRoot({ roles: ROOT_ROLES, signers: ADMINS, now: NOW, expires: NOW }),
    ).rejects.toMatchObject({ code: 'metadata-expired' });
  });

  it('of the same keys lives a year more, and keeps the fields that it does not know', async () => {
    const text = fromUtf8(registry.pinnedRoot).replace(
      '"consistent_snapshot"',
      '"x-charter": "see annex",\n"consistent_snapshot"',
    );
    const { trust } = draft;
    const all = { keys: trust.root.keys, keyids: [...trust.root.keys.keys()], threshold: 1 };
    const current = await cosign(new TextEncoder().encode(text), ADMINS, all);
    const next = JSON.parse(
      fromUtf8(await rotateRoot({ current, roles: {}, signers: ADMINS, now: later(100) })),
    );
    expect(next.signed).toMatchObject({
      version: 2,
      'x-charter': 'see annex',
      expires: formatInstant(later(465)),
      roles: JSON.parse(text).signed.roles,
    });
  });
});

describe('a role is not signed', () => {
  const henan = 'regions/CN-HA';
  const dictionary = (change: object) => ({
    role: 'targets',
    put: new Map([['dictionary.json', jsonFile({ ...DICTIONARY, ...change })]]),
  });
  const keys = (change: (entry: Record<string, unknown>) => object) => ({
    role: 'CN-HA.keys',
    put: new Map([
      [
        `${henan}/keys.json`,
        jsonFile({
          region: 'CN-HA',
          keys: keysJson('CN-HA', ['epoch 1']).keys.map((entry) => change({ ...entry })),
        }),
      ],
    ]),
  });
  const refused: [what: string, update: RoleUpdate, code: string][] = [
    [
      'REQ-REG-022 when a name of the dictionary got another number',
      dictionary({ version: 2, names: ['red', 'green'] }),
      'dictionary-mutated',
    ],
    [
      'when a name of the dictionary is gone',
      dictionary({ version: 2, names: ['green'] }),
      'dictionary-mutated',
    ],
    [
      'when the dictionary grew under its version',
      dictionary({ names: ['green', 'red', 'amber'] }),
      'dictionary-mutated',
    ],
    [
      'when a rule has another text under its version',
      { role: 'CN-HA', put: regionFiles('CN-HA', 'false') },
      'rule-mutated',
    ],
    [
      'with two keys of one kid',
      { role: 'CN-HA.keys', put: new Map([[`${henan}/keys.json`, jsonFile(keysJson('CN-HA', ['a', 'a']))]]) },
      'key-duplicate',
    ],
    [
      'with a key that is valid for 32 days',
      keys((entry) => ({ ...entry, notAfter: formatInstant(later(32)) })),
      'region-malformed',
    ],
    [
      'with a key that begins between hours',
      keys((entry) => ({ ...entry, notBefore: '2026-09-07T08:30:00Z' })),
      'region-malformed',
    ],
    [
      'with a key that ends before it begins',
      keys((entry) => ({ ...entry, notAfter: entry['notBefore'] })),
      'region-malformed',
    ],
    ['with the file of another role', { role: 'CN-HA', put: keyFiles('CN-HA') }, 'role-overreach'],
    ['with the file of another region', { role: 'CN-HA', put: regionFiles('CN-BJ') }, 'role-overreach'],
    ['with a region file in targets', { role: 'targets', put: regionFiles('CN-HA') }, 'role-overreach'],
    [
      'with a scheme under another name',
      { role: 'targets', put: new Map([['schemes/other.json', jsonFile({ id: 'health' })]]) },
      'metadata-malformed',
    ],
    [
      'with a path that is not plain',
      { role: 'targets', put: new Map([['a/../b', jsonFile({})]]) },
      'metadata-malformed',
    ],
    [
      'with a target that is too large',
      { role: 'targets', put: new Map([['big', new Uint8Array(512 * 1024 + 1)]]) },
      'metadata-too-large',
    ],
    ['when it would have expired', { role: 'CN-HA', expires: NOW }, 'metadata-expired'],
  ];

  it.each(refused)('%s', async (_what, update, code) => {
    await expect(prepareRole(draft, update, NOW)).rejects.toMatchObject({ code });
  });

  it('REQ-REG-012 to bring forth a region that is not below it', async () => {
    const delegate = [delegationTo('CN-GD', await regionSigners('CN-GD'))];
    await expect(prepareRole(draft, { role: 'CN-HA', delegate }, NOW)).rejects.toMatchObject({
      code: 'role-overreach',
    });
    const bad = [
      { ...delegationTo('CN-GD', await regionSigners('CN-GD')), keys: { keys: [], threshold: 1 } },
    ];
    await expect(prepareRole(draft, { role: 'targets', delegate: bad }, NOW)).rejects.toMatchObject({
      code: 'threshold-unreachable',
    });
  });

  it('REQ-REG-004 by too few, by strangers, or when nobody delegates to it', async () => {
    const { admins } = registry.regions['CN-HA'];
    const strangers = await Promise.all([signer('x'), signer('y')]);
    for (const signers of [admins.slice(0, 1), strangers, []]) {
      await expect(updateRole(draft, { role: 'CN-HA' }, signers, NOW)).rejects.toMatchObject({
        code: 'metadata-signatures',
      });
    }
    await expect(updateRole(draft, { role: 'CN-XX' }, strangers, NOW)).rejects.toMatchObject({
      code: 'metadata-missing',
    });
  });
});

describe('a role is signed', () => {
  it('for the life that the protocol gives it', async () => {
    const { admins, keys } = registry.regions['CN-HA'];
    const now = later(1);
    let next = await updateRole(draft, { role: 'targets' }, ADMINS, now);
    next = await updateRole(next, { role: 'CN-HA' }, admins, now);
    next = await updateRole(next, { role: 'CN-HA.keys' }, [keys], now);
    const lives = ['targets', 'CN-HA', 'CN-HA.keys'].map((role) => next.roles.get(role)?.signed.expires);
    expect(lives).toEqual([later(366), later(91), later(15)]);
  });

  it('by one admin after another, each at home', async () => {
    const [first, second] = registry.regions['CN-HA'].admins;
    if (first === undefined || second === undefined) throw new TypeError('admins');
    const prepared = await prepareRole(draft, { role: 'CN-HA' }, NOW);
    const who = authorityIn(draft, 'CN-HA');
    const once = await cosign(prepared.bytes, [first], who);
    await expect(adoptRole(draft, { ...prepared, bytes: once })).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
    const twice = await cosign(once, [second], who);
    expect((await adoptRole(draft, { ...prepared, bytes: twice })).changed).toEqual(new Set(['CN-HA']));
  });

  it('with everything kept that was not changed', async () => {
    const { admins } = registry.regions['CN-HA'];
    const city = await regionSigners('CN-HA.zhengzhou');
    await republish(registry, NOW, async (current) =>
      withRegion(
        await updateRole(
          current,
          { role: 'CN-HA', delegate: [delegationTo('CN-HA.zhengzhou', city)] },
          admins,
          NOW,
        ),
        'CN-HA.zhengzhou',
        city,
      ),
    );
    await republish(registry, NOW, (current) =>
      updateRole(current, { role: 'CN-HA', remove: ['regions/CN-HA/recognition.json'] }, admins, NOW),
    );
    const { regions } = await view();
    expect(Object.keys(regions)).toEqual(['CN-BJ', 'CN-HA', 'CN-HA.zhengzhou']);
    expect(regions['CN-HA']?.recognition).toBeUndefined();
    expect(regions['CN-HA']?.ruleSets['health']).toBeDefined();
    expect(regions['CN-HA.zhengzhou']?.keys).toHaveLength(1);
  });

  it('so that a region can leave, and clients that knew it go on', async () => {
    const { store, pinnedRoot } = registry;
    const before = await openRegistry({ read: store.files, pinnedRoot, now: NOW, expiry: 'online' });
    await republish(registry, NOW, (current) =>
      updateRole(current, { role: 'targets', undelegate: ['CN-BJ'] }, ADMINS, NOW),
    );
    const after = await openRegistry({
      read: store.files,
      pinnedRoot,
      state: before.state,
      now: NOW,
      expiry: 'online',
    });
    expect(Object.keys(after.view.regions)).toEqual(['CN-HA']);
    expect(after.view.malformedRegions).toEqual({});
    expect(after.state.roleVersions['CN-BJ.keys.json']).toBe(1);
    const targets = JSON.parse(fromUtf8(store.files.get('metadata/2.targets.json') ?? new Uint8Array()));
    expect(targets.signed.delegations.roles.map(({ name }: { name: string }) => name)).toEqual([
      'CN-HA.keys',
      'CN-HA',
    ]);
    expect(Object.keys(targets.signed.delegations.keys)).toHaveLength(4);
  });

  it('and the dictionary may grow', async () => {
    const names = [...DICTIONARY.names, 'amber'];
    await republish(registry, NOW, (current) =>
      updateRole(
        current,
        { role: 'targets', put: new Map([['dictionary.json', jsonFile({ version: 2, names })]]) },
        ADMINS,
        NOW,
      ),
    );
    expect((await view()).dictionary).toEqual({ version: 2, names });
  });
});

describe('a draft is sealed', () => {
  it('REQ-REG-004 only with signers of snapshot and timestamp', async () => {
    const stranger = await signer('stranger');
    for (const online of [
      { ...ONLINE, snapshot: [stranger] },
      { ...ONLINE, timestamp: [] },
    ]) {
      await expect(seal(draft, online, NOW)).rejects.toMatchObject({ code: 'metadata-signatures' });
    }
  });

  it('REQ-TIM-005 only at a time after the last one', async () => {
    await expect(seal(draft, ONLINE, later(-1))).rejects.toMatchObject({ code: 'clock' });
  });

  it('REQ-REG-019 only when clients will accept it', async () => {
    const { admins } = registry.regions['CN-HA'];
    const [region] = regionFiles('CN-BJ').values();
    const stolen = fromUtf8(region ?? new Uint8Array()).replace('"region": "CN-BJ"', '"region": "CN-HA"');
    const put = new Map([['regions/CN-HA/region.json', jsonFile(JSON.parse(stolen))]]);
    const next = await updateRole(draft, { role: 'CN-HA', put }, admins, NOW);
    // It names Beijing's issuer as its own.
    await expect(seal(next, ONLINE, NOW)).rejects.toMatchObject({ code: 'region-malformed' });
    const bare = await updateRole(draft, { role: 'targets', remove: ['federation.json'] }, ADMINS, NOW);
    await expect(seal(bare, ONLINE, NOW)).rejects.toMatchObject({ code: 'metadata-missing' });
  });

  it('REQ-REG-004 with the online keys of its own root', async () => {
    const fresh = await signer('fresh');
    const root = await rotateRoot({
      current: registry.pinnedRoot,
      roles: { targets: authority([fresh]) },
      signers: ADMINS,
      now: NOW,
    });
    const rotated = await withRoot(draft, root);
    // Targets changed hands, and nobody has signed it anew.
    await expect(seal(rotated, ONLINE, NOW)).rejects.toMatchObject({ code: 'metadata-signatures' });
    const signed = await updateRole(rotated, { role: 'targets' }, [fresh], NOW);
    expect((await seal(signed, ONLINE, NOW)).files.has('metadata/2.root.json')).toBe(true);
  });

  it('as the first one, too, and a region may join before it publishes', async () => {
    const root = await createRoot({ roles: ROOT_ROLES, signers: ADMINS, now: NOW });
    const first = await startDraft(root);
    await expect(seal(first, ONLINE, NOW)).rejects.toMatchObject({ code: 'metadata-missing' });
    const delegate = [delegationTo('CN-GD', await regionSigners('CN-GD'))];
    await republish(registry, NOW, (current) =>
      updateRole(current, { role: 'targets', delegate }, ADMINS, NOW),
    );
    expect((await view()).malformedRegions).toEqual({ 'CN-GD': 'metadata-missing' });
    expect(kidOf(ADMINS[0]?.publicJwk ?? { kty: 'OKP', crv: 'Ed25519', x: '' })).toBe(ADMINS[0]?.kid);
  });
});

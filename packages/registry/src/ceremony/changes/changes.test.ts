import { kidOf } from '@symbolon/keys/kid';
import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '../../registry-view/open-registry.ts';
import {
  ADMINS,
  authority,
  DICTIONARY,
  delegationTo,
  FEDERATION,
  keyFiles,
  later,
  NOW,
  ONLINE,
  ROOT_ROLES,
  regionFiles,
  regionSigners,
  signer,
} from '../../testing/small-registry.ts';
import { layOver } from '../event/lay-over.ts';
import { proposeAgain, proposeEvent } from '../event/propose-event.ts';
import { sealEvent } from '../event/seal-event.ts';
import { signEvent } from '../event/sign-event.ts';
import { jsonFile } from '../json-file.ts';
import { memoryStore } from '../memory-store.ts';
import { publish } from '../publish.ts';
import { openRoom, type Room } from '../testing/ceremony-room.ts';
import type { Change, ChangeOf } from './change.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const fresh = await signer('fresh');
const another = await signer('another');
const guangdong = await regionSigners('CN-GD');
const city = await regionSigners('CN-HA.zhengzhou');

function addRegion(region: string, signers = guangdong): ChangeOf<'add-region'> {
  return { change: 'add-region', ...delegationTo(region, signers) };
}

async function regionsNow(now = NOW) {
  return (await room.open(now)).view;
}

describe('a region', () => {
  it('comes with its first files, in one event and one publication', async () => {
    const files = new Map([...regionFiles('CN-GD')]);
    const change = { ...addRegion('CN-GD'), files };
    const key: Change = { change: 'add-key', region: 'CN-GD', use: 'credential', jwk: fresh.publicJwk };
    const event = await room.hold([change, key], NOW, [...guangdong.admins, guangdong.keys]);
    expect([...event.roles.keys()]).toEqual(['CN-GD', 'CN-GD.keys', 'targets']);
    const { version, regions, malformedRegions } = await regionsNow();
    expect([version, malformedRegions]).toEqual([2, {}]);
    expect(regions['CN-GD']?.keys).toMatchObject([{ kid: fresh.kid, notBefore: addHours(NOW, 97) }]);
  });

  it('REQ-DOC-005 below one that has not published yet waits for it: delegated by targets, no client would find its files', async () => {
    await room.hold([addRegion('CN-GD')], NOW, guangdong.admins);
    const below = addRegion('CN-GD.shenzhen', city);
    await expect(room.propose([below])).rejects.toMatchObject({
      code: 'delegation-order',
      path: 'CN-GD.shenzhen',
    });
    const first: Change = { change: 'put', role: 'CN-GD', files: regionFiles('CN-GD') };
    expect([...(await room.propose([first, below])).roles.keys()]).toEqual(['CN-GD']);
  });

  it('that has not published yet is given to others by the one that delegates it, and nobody else signs', async () => {
    await room.hold([addRegion('CN-GD')], NOW, guangdong.admins);
    const change: Change = { change: 'rotate-region', region: 'CN-GD', keys: authority([another]) };
    expect([...(await room.propose([change])).roles.keys()]).toEqual(['targets']);
  });

  it('REQ-CER-013 that has no keys.json yet has no key to revoke', async () => {
    await room.hold([addRegion('CN-GD')], NOW, guangdong.admins);
    const revoke = { kid: fresh.kid, since: NOW, reason: 'leaked' } as const;
    await expect(room.propose([{ change: 'revoke-key', region: 'CN-GD', ...revoke }])).rejects.toMatchObject({
      code: 'key-absent',
    });
  });

  it('below another one is delegated by that one, and signed by its admins only', async () => {
    const event = await room.propose([addRegion('CN-HA.zhengzhou', city)]);
    expect([...event.roles.keys()]).toEqual(['CN-HA']);
    const by = { ...addRegion('CN-HA.zhengzhou', city), by: 'targets' } as const;
    await expect(room.propose([by])).rejects.toMatchObject({ code: 'delegation-order' });
  });

  it('leaves with those below it, and the clients that knew it go on', async () => {
    const { state } = await room.open();
    await room.hold([addRegion('CN-HA.zhengzhou', city)]);
    await room.hold([{ change: 'remove-region', region: 'CN-HA' }]);
    const { store, pinnedRoot } = room.registry;
    const { view } = await openRegistry({ read: store.files, pinnedRoot, state, now: NOW, expiry: 'online' });
    expect([Object.keys(view.regions), view.malformedRegions]).toEqual([['CN-BJ'], {}]);
  });

  it('leaves also where it is the only one below its region', async () => {
    await room.hold([addRegion('CN-HA.zhengzhou', city)]);
    await room.hold([{ change: 'remove-region', region: 'CN-HA.zhengzhou' }]);
    const { store, pinnedRoot } = room.registry;
    const { view } = await openRegistry({ read: store.files, pinnedRoot, now: NOW, expiry: 'online' });
    expect([Object.keys(view.regions), view.malformedRegions]).toEqual([['CN-BJ', 'CN-HA'], {}]);
  });

  it('REQ-CER-006, REQ-CER-007, REQ-CER-004 is not added twice, nor removed when it is not there, nor under a name that was used', async () => {
    await expect(room.propose([addRegion('CN-HA')])).rejects.toMatchObject({
      code: 'region-exists',
      path: 'CN-HA',
    });
    for (const change of [
      { change: 'remove-region', region: 'CN-XX' },
      { change: 'rotate-region', region: 'CN-XX', keys: authority([fresh]) },
      { change: 'put', role: 'CN-XX', files: regionFiles('CN-XX') },
      { change: 'add-key', region: 'CN-XX', use: 'status', jwk: fresh.publicJwk },
      { change: 'renew', role: 'CN-XX.keys' },
      { ...addRegion('CN-XX.city'), by: 'CN-XX' },
    ] satisfies Change[]) {
      await expect(room.propose([change])).rejects.toMatchObject({ code: 'region-unknown' });
    }
    await room.hold([{ change: 'remove-region', region: 'CN-BJ' }]);
    await expect(room.propose([addRegion('CN-BJ')])).rejects.toMatchObject({ code: 'region-name-used' });
    // One that never published anything leaves no files that could count again.
    await room.hold([addRegion('CN-GD')]);
    await room.hold([{ change: 'remove-region', region: 'CN-GD' }]);
    expect([...(await room.propose([addRegion('CN-GD')])).roles.keys()]).toEqual(['targets']);
  });

  it('REQ-REG-012 brings no files of others', async () => {
    const files = new Map([...regionFiles('CN-GD'), ...regionFiles('CN-BJ')]);
    await expect(room.propose([{ ...addRegion('CN-GD'), files }])).rejects.toMatchObject({
      code: 'role-overreach',
    });
  });
});

describe('admins', () => {
  const rootKids = async (role: 'root' | 'targets') => {
    const { trust } = await room.published();
    const { keyids, threshold } = trust.root.signed.roles[role];
    return [threshold, ...keyids.flatMap((id) => trust.root.keys.get(id) ?? []).map(kidOf)];
  };

  it('one more of the federation holds root and targets; nothing but root is signed anew', async () => {
    const event = await room.hold([{ change: 'add-admin', jwk: fresh.publicJwk, threshold: 3 }]);
    expect([event.root?.signed.version, event.roles.size]).toEqual([2, 0]);
    const kids = [...ADMINS, fresh].map(({ kid }) => kid);
    expect(await rootKids('root')).toEqual([3, ...kids]);
    expect(await rootKids('targets')).toEqual([3, ...kids]);
  });

  it('one who leaves can sign nothing more; what the others have not signed, they sign now', async () => {
    const [a, b, c] = ADMINS;
    if (a === undefined || b === undefined || c === undefined) throw new TypeError('admins');
    // The published targets are signed by a, b and c: without a they stand.
    expect((await room.propose([{ change: 'remove-admin', kid: a.kid }])).roles.size).toBe(0);
    const renewed = await signEvent(
      await room.propose([{ change: 'renew', role: 'targets' }]),
      await room.published(),
      [a, b],
    );
    await publish(room.registry.store, await room.seal(renewed));
    const event = await room.propose([{ change: 'remove-admin', kid: a.kid }]);
    expect([...event.roles.keys()]).toEqual(['targets']);
    const signed = await signEvent(event, await room.published(), [b, c]);
    await publish(room.registry.store, await room.seal(signed));
    expect(await rootKids('targets')).toEqual([2, b.kid, c.kid]);
    const next = await room.propose([{ change: 'renew', role: 'targets' }]);
    await expect(signEvent(next, await room.published(), [a])).rejects.toMatchObject({
      code: 'signer-unknown',
    });
  });

  it('of a region are given by whoever delegates it', async () => {
    const [a] = room.registry.regions['CN-HA'].admins;
    const event = await room.propose([
      { change: 'add-admin', region: 'CN-HA', jwk: fresh.publicJwk },
      { change: 'remove-admin', region: 'CN-HA', kid: a?.kid ?? '' },
    ]);
    // The region's file is signed by three, of whom two stay.
    expect([...event.roles.keys()]).toEqual(['targets']);
    const held = layOver(event, await room.published()).after.get('CN-HA')?.authority;
    expect(held?.threshold).toBe(2);
    expect(held?.keyids).toHaveLength(3);
  });

  it('REQ-CER-002, REQ-CER-013, REQ-KEY-011 are not taken away below the threshold, nor when they are none, nor added twice', async () => {
    const [a] = ADMINS;
    if (a === undefined) throw new TypeError('admins');
    await room.hold([{ change: 'remove-admin', kid: a.kid }]);
    const refusals: [Change, object][] = [
      [
        { change: 'remove-admin', kid: ADMINS[1]?.kid ?? '' },
        { code: 'threshold-unreachable', bound: 1 },
      ],
      [{ change: 'remove-admin', kid: a.kid }, { code: 'key-absent' }],
      [{ change: 'remove-admin', region: 'CN-HA', kid: a.kid }, { code: 'key-absent' }],
      [{ change: 'add-admin', jwk: ADMINS[1]?.publicJwk ?? fresh.publicJwk }, { code: 'key-duplicate' }],
      [
        { change: 'add-admin', region: 'CN-HA', jwk: fresh.publicJwk, threshold: 5 },
        { code: 'threshold-unreachable', bound: 4 },
      ],
    ];
    for (const [change, refusal] of refusals) {
      await expect(room.propose([change])).rejects.toMatchObject(refusal);
    }
    const lowered = await room.propose([{ change: 'remove-admin', kid: ADMINS[1]?.kid ?? '', threshold: 1 }]);
    expect(lowered.root?.signed.roles.root.threshold).toBe(1);
  });
});

describe('a rotation', () => {
  it('of root or of targets is signed by the old keys and the new ones', async () => {
    const to = authority([fresh, another], 2);
    const event = await room.propose([{ change: 'rotate-admins', role: 'targets', to }]);
    expect([event.root?.signed.version, ...event.roles.keys()]).toEqual([2, 'targets']);
    const signed = await room.sign(event, [fresh, another]);
    const publication = await room.seal(signed);
    expect(publication.rootFirst).toBeUndefined();
    await publish(room.registry.store, publication);
    expect((await regionsNow()).version).toBe(2);
    const root = await room.propose([{ change: 'rotate-admins', role: 'root', to }]);
    expect([root.root?.signed.version, root.roles.size]).toEqual([3, 0]);
  });

  it('of the online keys needs root only, and both pairs of keys sign the publication', async () => {
    const online = { snapshot: [...ONLINE.snapshot, fresh], timestamp: [...ONLINE.timestamp, another] };
    const change = { snapshot: authority([fresh]), timestamp: authority([another]) };
    const event = await room.sign(await room.propose([{ change: 'rotate-online', ...change }]));
    expect([event.root?.signed.version, event.roles.size]).toEqual([2, 0]);
    await publish(room.registry.store, await room.seal(event, NOW, online));
    expect((await regionsNow()).version).toBe(2);
    await expect(room.hold([{ change: 'renew', role: 'targets' }])).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
  });

  it('of a region gives it to other keys, which sign what the old ones had signed', async () => {
    const { admins } = await regionSigners('CN-HA new');
    const change = { admins: authority(admins, 2), keys: authority([fresh]) };
    const both = await room.hold([{ change: 'rotate-region', region: 'CN-HA', ...change }], NOW, [
      ...admins,
      fresh,
    ]);
    expect([...both.roles.keys()]).toEqual(['CN-HA', 'CN-HA.keys', 'targets']);
    expect((await regionsNow()).malformedRegions).toEqual({});
    const order = (await room.published()).roles.get('targets')?.signed.delegations?.roles;
    expect(order?.map(({ name }) => name)).toEqual(['CN-BJ.keys', 'CN-BJ', 'CN-HA.keys', 'CN-HA']);
    const one = await room.propose([
      { change: 'rotate-region', region: 'CN-BJ', keys: authority([another]) },
    ]);
    expect([...one.roles.keys()]).toEqual(['CN-BJ.keys', 'targets']);
    await expect(room.propose([{ change: 'rotate-region', region: 'CN-BJ' }])).rejects.toMatchObject({
      code: 'change-empty',
    });
  });

  it('without new keys is a renewal: root, targets, a region, its keys role', async () => {
    for (const [role, days] of [
      ['root', 370],
      ['targets', 370],
      ['CN-HA', 95],
      ['CN-HA.keys', 19],
    ] as const) {
      const event = await room.propose([{ change: 'renew', role }], later(5));
      const metadata = role === 'root' ? event.root : event.roles.get(role);
      expect([metadata?.signed.version, metadata?.signed.expires]).toEqual([2, later(days)]);
      expect(event.roles.size).toBe(role === 'root' ? 0 : 1);
    }
  });
});

describe('the next key', () => {
  const addKey = (change: Partial<ChangeOf<'add-key'>> = {}): Change => ({
    change: 'add-key',
    region: 'CN-HA',
    use: 'credential',
    jwk: fresh.publicJwk,
    ...change,
  });

  it('REQ-KEY-012 gets its lead, an hour to publish it, and three epochs', async () => {
    await room.hold([addKey()]);
    const keys = (await regionsNow()).regions['CN-HA']?.keys;
    expect(keys?.map(({ notBefore, notAfter }) => [notBefore, notAfter])).toEqual([
      [NOW, later(14)],
      [addHours(NOW, 97), addHours(NOW, 97 + 504)],
    ]);
    const slow = await room.propose([addKey({ use: 'status', jwk: another.publicJwk, marginHours: 48 })]);
    await publish(room.registry.store, await room.seal(await room.sign(slow, []), addHours(NOW, 48)));
    const status = (await regionsNow(addHours(NOW, 48))).regions['CN-HA']?.keys.at(-1);
    expect([status?.use, status?.notBefore]).toEqual(['status', addHours(NOW, 144)]);
  });

  it('of a venue lives two years', async () => {
    await room.hold([addKey({ use: 'venue' })]);
    const key = (await regionsNow()).regions['CN-HA']?.keys.at(-1);
    expect([key?.use, key?.notBefore, key?.notAfter]).toEqual([
      'venue',
      addHours(NOW, 97),
      addHours(NOW, 97 + 17_520),
    ]);
    const again = addKey({ use: 'venue', jwk: another.publicJwk });
    await expect(room.propose([again])).rejects.toMatchObject({ code: 'change-empty' });
  });

  it('REQ-CER-008 is not made twice by whoever runs it again', async () => {
    await room.hold([addKey()]);
    await expect(room.propose([addKey()])).rejects.toMatchObject({ code: 'change-empty' });
    const other = addKey({ jwk: another.publicJwk });
    await expect(room.propose([other])).rejects.toMatchObject({ code: 'change-empty' });
    const window = { notBefore: addHours(NOW, 200), notAfter: addHours(NOW, 400) };
    await expect(room.propose([addKey({ window })])).rejects.toMatchObject({ code: 'change-empty' });
    await room.hold([addKey({ jwk: another.publicJwk, window })]);
    expect((await regionsNow()).regions['CN-HA']?.keys).toHaveLength(3);
  });

  it('REQ-CER-003 lets keys go whose time is long over', async () => {
    await room.hold([addKey()]);
    // The first one ends after 14 days; what it signed, at most 31 days later; and verifiers go by registries of up to ten days.
    const kids = async (days: number) => {
      const event = await room.propose([addKey({ jwk: another.publicJwk })], later(days));
      const [file] = event.targets.values();
      return JSON.parse(new TextDecoder().decode(file)).keys.map(({ kid }: { kid: string }) => kid);
    };
    expect(await kids(54)).toHaveLength(3);
    expect(await kids(55)).toEqual([fresh.kid, another.kid]);
  });

  it('REQ-CER-005 after a revocation is due at once; the last key is revoked only when the region says that it stops', async () => {
    const [{ kid = '' } = {}] = (await regionsNow()).regions['CN-HA']?.keys ?? [];
    const revoke = { change: 'revoke-key', region: 'CN-HA', kid, since: NOW, reason: 'leaked' } as const;
    await expect(room.propose([revoke])).rejects.toMatchObject({ code: 'no-key-left' });
    await room.hold([{ ...revoke, leaveNone: true }]);
    const stopped = (await regionsNow()).regions['CN-HA']?.keys;
    expect(stopped).toMatchObject([{ revoked: { since: NOW, reason: 'leaked' } }]);
    const event = await room.hold([addKey()]);
    expect(new TextDecoder().decode([...event.targets.values()][0])).not.toContain('stopped');
    await expect(room.propose([revoke])).rejects.toMatchObject({ code: 'change-empty' });
    await expect(room.propose([{ ...revoke, kid: another.kid }])).rejects.toMatchObject({
      code: 'key-absent',
    });
  });
});

describe('the last key of a use that a region can do without', () => {
  it.each([
    ['status', 'no-key-left'],
    ['venue', undefined],
  ] as const)('REQ-CER-005 %s', async (use, code) => {
    await room.hold([{ change: 'add-key', region: 'CN-HA', use, jwk: fresh.publicJwk }]);
    const since = addHours(NOW, 98);
    const proposed = room.propose(
      [{ change: 'revoke-key', region: 'CN-HA', kid: fresh.kid, since, reason: 'leaked' }],
      since,
    );
    if (code !== undefined) return expect(proposed).rejects.toMatchObject({ code });
    const [file] = (await proposed).targets.values();
    const { keys, issuing } = JSON.parse(new TextDecoder().decode(file));
    expect(keys.at(-1)).toMatchObject({ kid: fresh.kid, use, revoked: { reason: 'leaked' } });
    expect(issuing).toBeUndefined();
  });
});

describe('files', () => {
  it('REQ-CER-008 are put in and taken out, and nothing is signed for nothing', async () => {
    const names = [...DICTIONARY.names, 'amber'];
    const dictionary = new Map([['dictionary.json', jsonFile({ version: 2, names })]]);
    await room.hold([{ change: 'put', role: 'targets', files: dictionary }]);
    expect((await regionsNow()).dictionary.names).toEqual(names);
    const remove = ['regions/CN-HA/recognition.json'];
    await room.hold([{ change: 'put', role: 'CN-HA', files: new Map(), remove }]);
    expect((await regionsNow()).regions['CN-HA']?.recognition).toBeUndefined();
    for (const change of [
      { change: 'put', role: 'targets', files: dictionary },
      { change: 'put', role: 'CN-HA', files: new Map(), remove },
    ] satisfies Change[]) {
      await expect(room.propose([change])).rejects.toMatchObject({ code: 'change-empty' });
    }
    await expect(room.propose([])).rejects.toMatchObject({ code: 'change-empty' });
  });
});

describe('several changes', () => {
  it('are one event, one version of each role, and can be proposed again on top of another publication', async () => {
    const changes: Change[] = [
      { ...addRegion('CN-GD'), files: regionFiles('CN-GD') },
      { change: 'remove-region', region: 'CN-BJ' },
      { change: 'add-admin', jwk: fresh.publicJwk },
      { change: 'put', role: 'targets', files: new Map([['notes/2026.txt', jsonFile({ note: 1 })]]) },
    ];
    const event = await room.propose(changes);
    expect([event.root?.signed.version, ...event.roles.keys()]).toEqual([2, 'CN-GD', 'targets']);
    expect(event.roles.get('targets')?.signed.version).toBe(2);
    await room.hold([{ change: 'renew', role: 'targets' }]);
    await expect(room.seal(await room.sign(event, guangdong.admins))).rejects.toMatchObject({
      code: 'publication-conflict',
      path: 'targets',
    });
    const again = await room.sign(await proposeAgain(event, await room.published(), NOW), guangdong.admins);
    await publish(room.registry.store, await room.seal(again));
    expect(Object.keys((await regionsNow()).malformedRegions)).toEqual(['CN-GD']);
    expect((await regionsNow()).regions['CN-BJ']).toBeUndefined();
  });

  it('REQ-CER-001 have a title of one line', async () => {
    const options = { title: 'a\nb', now: NOW };
    const renewal: Change = { change: 'renew', role: 'targets' };
    await expect(proposeEvent(await room.published(), [renewal], options)).rejects.toMatchObject({
      code: 'event-malformed',
    });
  });
});

describe('a federation', () => {
  const files = new Map([
    ['federation.json', jsonFile(FEDERATION)],
    ['dictionary.json', jsonFile(DICTIONARY)],
  ]);
  const create: Change = { change: 'create', ...ROOT_ROLES, files };
  const options = { title: 'the beginning', now: NOW };

  it('begins with one event, regions, keys without lead and all', async () => {
    const region = { ...addRegion('CN-GD'), files: new Map([...regionFiles('CN-GD'), ...keyFiles('CN-GD')]) };
    const proposed = await proposeEvent(undefined, [create, region], options);
    expect(proposed.base).toBeUndefined();
    const event = await signEvent(proposed, undefined, [...ADMINS, ...guangdong.admins, guangdong.keys]);
    const store = memoryStore();
    await publish(store, await sealEvent(event, undefined, ONLINE, NOW));
    const pinnedRoot = store.files.get('metadata/1.root.json');
    const { view } = await openRegistry({ read: store.files, pinnedRoot, now: NOW, expiry: 'online' });
    expect([Object.keys(view.regions), view.malformedRegions]).toEqual([['CN-GD'], {}]);
  });

  it('REQ-KEY-012 gives no key without the policy that says its lead', async () => {
    const bare: Change = { ...create, files: new Map([['dictionary.json', jsonFile(DICTIONARY)]]) };
    const key: Change = { change: 'add-key', region: 'CN-GD', use: 'credential', jwk: fresh.publicJwk };
    await expect(proposeEvent(undefined, [bare, addRegion('CN-GD'), key], options)).rejects.toMatchObject({
      code: 'metadata-missing',
      path: 'federation',
    });
  });

  it('REQ-REG-021 begins once, and before anything else', async () => {
    await expect(room.propose([create])).rejects.toMatchObject({ code: 'object-exists' });
    await expect(proposeEvent(undefined, [addRegion('CN-GD')], options)).rejects.toMatchObject({
      code: 'metadata-missing',
    });
    const withoutFiles = { ...create, files: new Map([['notes.txt', jsonFile({})]]) };
    await expect(proposeEvent(undefined, [withoutFiles], options)).rejects.toMatchObject({
      code: 'metadata-missing',
      path: 'federation.json',
    });
  });
});

import { sha256 } from '@symbolon/keys/digest';
import { equalBytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ADMINS,
  authority,
  createSmallRegistry,
  delegationTo,
  later,
  NOW,
  ONLINE,
  regionFiles,
  regionSigners,
  republish,
  signer,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { memoryStore } from '../memory-store.ts';
import { publish, storeFiles } from '../publish.ts';
import { handMade, openRoom, type Room } from '../testing/ceremony-room.ts';
import { updateRole } from '../update-role.ts';
import { eventFiles } from './event-files.ts';
import { proposeEvent } from './propose-event.ts';
import { readEvent } from './read-event.ts';
import { sealEvent } from './seal-event.ts';
import { signEvent } from './sign-event.ts';
import { signaturesOf } from './signatures-of.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const [A, B, C] = ADMINS;
if (A === undefined || B === undefined || C === undefined) throw new TypeError('admins');
const fresh = await signer('fresh');
const renewal = (role: string): Change => ({ change: 'renew', role });

describe('signatures', () => {
  it('are counted role by role, and tell who signed, who may, and how many are missing', async () => {
    const event = await room.propose([renewal('targets'), renewal('CN-HA.keys')]);
    const published = await room.published();
    const once = await signEvent(event, published, [A]);
    const [keys, targets] = await signaturesOf(once, published);
    expect(keys).toMatchObject({
      role: 'CN-HA.keys',
      version: 2,
      by: [{ threshold: 1, missing: 1, signed: [] }],
    });
    expect(targets?.by).toMatchObject([
      { of: 'next', required: true, threshold: 2, missing: 1, signed: [{ kid: A.kid }] },
    ]);
    expect(targets?.by[0]?.open.map(({ kid }) => kid)).toEqual([B.kid, C.kid]);
    const done = await signEvent(once, published, [room.registry.regions['CN-HA'].keys, B]);
    const missing = (await signaturesOf(done, published)).flatMap(({ by }) => by.map((each) => each.missing));
    expect(missing).toEqual([0, 0]);
  });

  it('REQ-REG-004 of a root that changes hands are of the old keys and of the new ones', async () => {
    const change: Change = { change: 'rotate-admins', role: 'root', to: authority([B, fresh], 2) };
    const event = await signEvent(await room.propose([change]), await room.published(), [fresh, A]);
    const [root] = await signaturesOf(event, await room.published());
    expect(root?.by).toMatchObject([
      { of: 'current', required: true, threshold: 2, missing: 1, signed: [{ kid: A.kid }] },
      {
        of: 'next',
        required: true,
        threshold: 2,
        missing: 1,
        signed: [{ kid: fresh.kid }],
        open: [{ kid: B.kid }],
      },
    ]);
    await expect(room.seal(event)).rejects.toMatchObject({ code: 'event-unsigned', path: 'root', bound: 2 });
    const done = await signEvent(event, await room.published(), [B]);
    await publish(room.registry.store, await room.seal(done));
    expect((await room.published()).trust.root.signed.version).toBe(2);
  });

  it('REQ-CER-009 are not made with a key that may sign nothing of it; the event stays as it was', async () => {
    const event = await room.propose([renewal('targets')]);
    const before = eventFiles(event);
    for (const signers of [[fresh], [A, fresh]]) {
      await expect(signEvent(event, await room.published(), signers)).rejects.toMatchObject({
        code: 'signer-unknown',
      });
    }
    expect(eventFiles(event)).toEqual(before);
  });

  it('that are right stay, and those that are not are made again', async () => {
    const published = await room.published();
    const event = await signEvent(await room.propose([renewal('targets')]), published, [A]);
    const [[keyid = ''] = []] = event.signatures.get('targets') ?? [];
    expect((await signEvent(event, published, [A])).signatures).toEqual(event.signatures);
    const broken = { ...event, signatures: new Map([['targets', new Map([[keyid, '00']])]]) };
    expect((await signaturesOf(broken, published))[0]?.by[0]?.missing).toBe(2);
    const again = await signEvent(broken, published, [A]);
    expect((await signaturesOf(again, published))[0]?.by[0]?.missing).toBe(1);
  });

  it('REQ-CER-011 of too few, of strangers and of another file do not publish it, and the answer tells which role and how many', async () => {
    const event = await room.propose([renewal('targets'), renewal('CN-HA')]);
    const published = await room.published();
    await expect(room.seal(event)).rejects.toMatchObject({
      code: 'event-unsigned',
      path: 'CN-HA',
      bound: 2,
      cause: expect.objectContaining({
        errors: [
          expect.objectContaining({ path: 'CN-HA', bound: 2 }),
          expect.objectContaining({ path: 'targets', bound: 2 }),
        ],
      }),
    });
    const signed = await room.sign(event);
    const changed = handMade(signed, 'targets', () => ({ note: 'one more field' }));
    await expect(room.seal(changed)).rejects.toMatchObject({
      code: 'event-unsigned',
      path: 'targets',
      bound: 2,
    });
    const [keyid = '', sig = ''] = [...(signed.signatures.get('targets') ?? [])][0] ?? [];
    const one = {
      ...signed,
      signatures: new Map([...signed.signatures, ['targets', new Map([[keyid, sig]])]]),
    };
    await expect(room.seal(one)).rejects.toMatchObject({ code: 'event-unsigned', path: 'targets', bound: 1 });
    const byStranger = new Map([...signed.signatures, ['targets', new Map([['0'.repeat(64), sig]])]]);
    await expect(
      sealEvent({ ...signed, signatures: byStranger }, published, ONLINE, NOW),
    ).rejects.toMatchObject({
      code: 'event-unsigned',
      bound: 2,
    });
  });
});

describe('signatures of a role that nobody delegates to', () => {
  it('REQ-CER-006 are nobody’s to make', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    const stray = event.roles.get('CN-HA') ?? expect.unreachable();
    const roles = new Map([...event.roles, ['CN-XX', stray]]);
    const [, none] = await signaturesOf({ ...event, roles }, await room.published());
    expect(none).toEqual({ role: 'CN-XX', version: 2, by: [] });
  });
});

describe('a sealed event', () => {
  it('has role files of the same bytes, in whatever order the signatures came', async () => {
    const event = await room.propose([renewal('targets')]);
    const [a, b, c] = await Promise.all(
      [A, B, C].map(async (admin) =>
        [...eventFiles(await signEvent(event, await room.published(), [admin]))].filter(([path]) =>
          path.startsWith('signatures/'),
        ),
      ),
    );
    if (a === undefined || b === undefined || c === undefined) throw new TypeError('signatures');
    const sealed = async (order: typeof a) => {
      const files = new Map([...eventFiles(event), ...order]);
      return (await room.seal(readEvent(files))).files.get('metadata/2.targets.json');
    };
    const first = await sealed([...a, ...b, ...c]);
    expect(first).toEqual(await sealed([...c, ...a, ...b]));
    const keyids = JSON.parse(fromUtf8(first ?? utf8(''))).signatures.map(
      ({ keyid }: { keyid: string }) => keyid,
    );
    expect(keyids).toEqual(keyids.toSorted());
    expect(keyids).toHaveLength(3);
  });

  it('REQ-CER-001 is what its files are, and not what event.json says', async () => {
    const event = await room.sign(await room.propose([renewal('CN-HA')]));
    const lying = { ...event, changes: [], base: undefined, createdAt: later(-30), title: 'another title' };
    const publication = await room.seal(lying);
    expect(publication.files.get('metadata/2.CN-HA.json')).toEqual(
      (await room.seal(event)).files.get('metadata/2.CN-HA.json'),
    );
  });

  it('is a link of the chain that is the history', async () => {
    const before = room.registry.store.files.get('metadata/1.snapshot.json');
    await room.hold([renewal('CN-HA')], addHours(NOW, 2));
    const { base } = await room.published();
    expect(base?.trust.snapshot.raw['publication']).toMatchObject({
      at: '2026-09-07T10:00:00Z',
      title: 'a change',
      root: { version: 1 },
      previous: { version: 1, sha256: toHex(sha256(before ?? utf8(''))) },
    });
  });

  it('REQ-REG-020 still counts when others published what it does not touch', async () => {
    const [beijing, henan] = [
      await room.sign(await room.propose([renewal('CN-BJ')])),
      await room.sign(await room.propose([renewal('CN-HA')])),
    ];
    const [first, second] = [await room.seal(beijing), await room.seal(henan)];
    await publish(room.registry.store, first);
    await expect(publish(room.registry.store, second)).rejects.toMatchObject({
      code: 'publication-conflict',
    });
    await publish(room.registry.store, await room.seal(henan, addHours(NOW, 1)));
    const { roleVersions } = (await room.open(addHours(NOW, 1))).state;
    expect([roleVersions['CN-BJ.json'], roleVersions['CN-HA.json']]).toEqual([2, 2]);
  });

  it('REQ-REG-020 whose role another event took does not count, and says which', async () => {
    const both = [renewal('CN-BJ'), renewal('CN-HA')];
    const [first, second] = [
      await room.sign(await room.propose(both)),
      await room.propose([renewal('CN-HA')], addHours(NOW, 1)),
    ];
    await publish(room.registry.store, await room.seal(await room.sign(second), addHours(NOW, 1)));
    await expect(room.seal(first, addHours(NOW, 1))).rejects.toMatchObject({
      code: 'publication-conflict',
      path: 'CN-HA',
    });
  });

  it('REQ-REG-020 does not go over what another one that broke off left under its name', async () => {
    const draft = await room.published();
    const admins = room.registry.regions['CN-HA'].admins;
    const other = await updateRole(draft, { role: 'CN-HA' }, admins, later(1));
    const event = await room.sign(await room.propose([renewal('CN-HA')]));
    for (const [path, bytes] of other.files) await room.registry.store.create(path, bytes);
    const publication = await room.seal(event);
    await expect(publish(room.registry.store, publication)).rejects.toMatchObject({
      code: 'publication-conflict',
    });
  });

  it('takes up its own files that were left, though more have signed since', async () => {
    const event = await room.propose([renewal('targets')]);
    const published = await room.published();
    const two = await signEvent(event, published, [A, B]);
    const left = (await room.seal(two)).files.get('metadata/2.targets.json');
    await room.registry.store.create('metadata/2.targets.json', left ?? utf8(''));
    const three = await signEvent(two, published, [C]);
    const publication = await room.seal(three);
    expect(publication.files.get('metadata/2.targets.json')).toEqual(left);
    await publish(room.registry.store, publication);
    expect((await room.open()).view.version).toBe(2);
  });

  it('takes up its own files that were left, where targets goes to others, too', async () => {
    const change: Change = { change: 'rotate-admins', role: 'targets', to: authority([fresh]) };
    const event = await room.sign(await room.propose([change]), [fresh]);
    const left = (await room.seal(event)).files.get('metadata/2.targets.json') ?? utf8('');
    await room.registry.store.create('metadata/2.targets.json', left);
    await publish(room.registry.store, await room.seal(event));
    const { view, state } = await room.open();
    expect([view.version, state.rootVersion, state.roleVersions['targets.json']]).toEqual([2, 2, 2]);
  });

  it('REQ-REG-020 with what is no metadata under its name is in conflict with it, and does not go over it', async () => {
    const event = await room.sign(await room.propose([renewal('targets')]));
    await room.registry.store.create('metadata/2.targets.json', utf8('half a fi'));
    await expect(publish(room.registry.store, await room.seal(event))).rejects.toMatchObject({
      code: 'publication-conflict',
    });
    expect(room.registry.store.files.get('metadata/2.targets.json')).toEqual(utf8('half a fi'));
    // Proposed again, it passes over it.
    await room.hold([renewal('targets')]);
    expect((await room.open()).state.roleVersions['targets.json']).toBe(3);
  });

  it('REQ-REG-020 of a region to come goes on when its first files were left by one that broke off', async () => {
    const { admins, keys } = await regionSigners('CN-GD');
    const add: Change = { change: 'add-region', ...delegationTo('CN-GD', { admins, keys }) };
    const event = await room.sign(await room.propose([{ ...add, files: regionFiles('CN-GD') }]), admins);
    for (const [path, bytes] of (await room.seal(event)).files) {
      if (path.includes('CN-GD')) await room.registry.store.create(path, bytes);
    }
    expect(await room.faults(event)).toEqual([]);
    await publish(room.registry.store, await room.seal(event));
    expect((await room.open()).view.malformedRegions).toEqual({ 'CN-GD': 'metadata-missing' });
    expect((await room.open()).state.roleVersions['CN-GD.json']).toBe(1);
  });

  it('REQ-REG-006, REQ-TIM-005 is checked as a client would, at the time of the publication', async () => {
    const event = await room.sign(await room.propose([renewal('CN-HA.keys')]));
    await expect(room.seal(event, later(15))).rejects.toMatchObject({ code: 'metadata-expired' });
    await expect(room.seal(event, later(-1))).rejects.toMatchObject({ code: 'clock' });
  });

  it('of an online rotation without the old keys goes root first, as no other order serves anyone', async () => {
    const online = { snapshot: [fresh], timestamp: [fresh] };
    const change: Change = {
      change: 'rotate-online',
      snapshot: authority([fresh]),
      timestamp: authority([fresh]),
    };
    const event = await room.sign(await room.propose([change]));
    expect((await room.seal(event, NOW, online)).rootFirst).toBe(true);
    const both = { snapshot: [...ONLINE.snapshot, fresh], timestamp: [...ONLINE.timestamp, fresh] };
    expect((await room.seal(event, NOW, both)).rootFirst).toBeUndefined();
  });

  it('of the first publication does not go over another federation', async () => {
    const other = await createSmallRegistry();
    const store = memoryStore(other.store.files);
    const roles = {
      root: authority([fresh]),
      targets: authority([fresh]),
      snapshot: authority(ONLINE.snapshot),
      timestamp: authority(ONLINE.timestamp),
    };
    const files = new Map(
      ['federation.json', 'dictionary.json'].map((name) => [
        name,
        [...other.store.files].find(([path]) => path.endsWith(`.${name}`))?.[1] ?? utf8(''),
      ]),
    );
    const change: Change = { change: 'create', ...roles, files };
    const event = await proposeEvent(undefined, [change], { title: 'another', now: NOW });
    const signed = await signEvent(event, undefined, [fresh]);
    const publication = await sealEvent(signed, undefined, ONLINE, NOW, storeFiles(store));
    await expect(publish(store, publication)).rejects.toMatchObject({ code: 'publication-conflict' });
    for (const [path, bytes] of other.store.files)
      expect(equalBytes(store.files.get(path) ?? utf8(''), bytes)).toBe(true);
  });
});

describe('the lower path', () => {
  it('goes on beside events: a role that was signed and sealed by hand is passed on', async () => {
    const { admins } = room.registry.regions['CN-HA'];
    await republish(room.registry, NOW, (draft) => updateRole(draft, { role: 'CN-HA' }, admins, NOW));
    await room.hold([renewal('CN-HA')]);
    expect((await room.open()).state.roleVersions['CN-HA.json']).toBe(3);
  });
});

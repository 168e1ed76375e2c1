import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { metadataFile, TIMESTAMP_FILE } from '../../metadata/file-names.ts';
import {
  DICTIONARY,
  FEDERATION,
  NOW,
  ONLINE,
  ROOT_ROLES,
  regionFiles,
  signer,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { openDraft } from '../draft.ts';
import { jsonFile } from '../json-file.ts';
import { signSnapshot, signTimestamp } from '../online-roles.ts';
import { openRoom, type Room } from '../testing/ceremony-room.ts';
import { checkChanges } from './check-changes.ts';
import { eventFiles } from './event-files.ts';
import { extendEvent, proposeAgain, proposeEvent } from './propose-event.ts';
import { readEvent } from './read-event.ts';
import type { SigningEvent } from './signing-event.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const fresh = await signer('fresh');
const renewal = (role: string): Change => ({ change: 'renew', role });
const carried = (event: SigningEvent) => readEvent(eventFiles(event));
const refused = { code: 'event-malformed', path: 'changes' };

describe('REQ-CER-001 an event is gone on with by its changes only when they give its files', () => {
  it('one that lists other changes is neither proposed again nor extended', async () => {
    const event = await room.propose([renewal('targets')]);
    const lie = carried({ ...event, changes: [{ change: 'remove-region', region: 'CN-BJ' }] });
    expect(await room.faults(lie)).toEqual([]);
    const published = await room.published();
    await expect(proposeAgain(lie, published, NOW)).rejects.toMatchObject(refused);
    const more = extendEvent(lie, published, [renewal('CN-HA')], { title: 'more', now: NOW });
    await expect(more).rejects.toMatchObject(refused);
  });

  it.each<[string, (event: SigningEvent) => SigningEvent]>([
    ['fewer changes than it makes', (event) => ({ ...event, changes: event.changes.slice(1) })],
    ['a time at which it was not made', (event) => ({ ...event, createdAt: addHours(event.createdAt, 1) })],
  ])('one that tells %s is refused', async (_what, edit) => {
    const event = await room.propose([renewal('targets'), renewal('CN-HA')]);
    await expect(checkChanges(carried(event), await room.published())).resolves.toBeUndefined();
    await expect(checkChanges(carried(edit(event)), await room.published())).rejects.toMatchObject(refused);
  });

  it('and one that another publication overtook is proposed again: it is judged by what was published then', async () => {
    const path = 'regions/CN-HA/region.json';
    const region = JSON.parse(new TextDecoder().decode(regionFiles('CN-HA').get(path)));
    const changes: readonly Change[] = [
      { change: 'put', role: 'CN-HA', files: new Map([[path, jsonFile({ ...region, note: 'mine' })]]) },
      { change: 'add-key', region: 'CN-HA', use: 'status', jwk: fresh.publicJwk },
    ];
    const event = carried(await room.propose(changes));
    await room.hold([renewal('root'), renewal('CN-HA'), renewal('CN-HA.keys')], addHours(NOW, 1));
    await room.hold([{ change: 'remove-region', region: 'CN-BJ' }], addHours(NOW, 1));
    const again = await proposeAgain(event, await room.published(), addHours(NOW, 2));
    expect([...again.roles].map(([role, { signed }]) => `${role} ${signed.version}`)).toEqual([
      'CN-HA 3',
      'CN-HA.keys 3',
    ]);
    const lie = { ...event, changes: event.changes.slice(0, 1) };
    await expect(proposeAgain(lie, await room.published(), NOW)).rejects.toMatchObject(refused);
  });

  it('one whose base was made without a record is judged by that one, though a file of it is gone', async () => {
    const { store } = room.registry;
    const { base, trust } = await room.published();
    if (base === undefined) throw new TypeError('nothing published');
    const snapshot = await signSnapshot(trust.root, 2, { ...base.trust.snapshot.signed.meta }, ONLINE, NOW);
    const timestamp = await signTimestamp(trust.root, base.trust.timestamp, snapshot, ONLINE, NOW);
    await store.create(metadataFile('snapshot', 2), snapshot.bytes);
    await store.replace(TIMESTAMP_FILE, timestamp.bytes, base.trust.timestamp.bytes);
    const event = carried(await room.propose([renewal('CN-HA')]));
    expect(event.base?.snapshotVersion).toBe(2);
    const remove = ['regions/CN-BJ/recognition.json'];
    await room.hold([{ change: 'put', role: 'CN-BJ', files: new Map(), remove }], addHours(NOW, 1));
    const gone = [...store.files].filter(([path]) => !/CN-BJ\/[0-9a-f]+\.recognition/.test(path));
    expect(gone.length).toBe(store.files.size - 1);
    const published = await openDraft({
      read: new Map(gone),
      pinnedRoot: room.registry.pinnedRoot,
      now: NOW,
    });
    await expect(checkChanges(event, published)).resolves.toBeUndefined();
    const lie: SigningEvent = { ...event, changes: [{ change: 'renew', role: 'targets' }] };
    await expect(checkChanges(lie, published)).rejects.toMatchObject(refused);
  });

  it('one that founds a federation is judged without any, and is not proposed where there is one', async () => {
    const files = new Map([
      ['federation.json', jsonFile(FEDERATION)],
      ['dictionary.json', jsonFile(DICTIONARY)],
    ]);
    const create: Change = { change: 'create', ...ROOT_ROLES, files };
    const event = carried(await proposeEvent(undefined, [create], { title: 'the beginning', now: NOW }));
    expect(event.base).toBeUndefined();
    await expect(checkChanges(event, undefined)).resolves.toBeUndefined();
    await expect(checkChanges(event, await room.published())).resolves.toBeUndefined();
    await expect(proposeAgain(event, await room.published(), NOW)).rejects.toMatchObject({
      code: 'object-exists',
    });
  });

  it('one whose files do not have what its changes put is refused', async () => {
    const put = new Map([['notes.json', jsonFile({ note: 1 })]]);
    const event = carried(await room.propose([{ change: 'put', role: 'targets', files: put }]));
    const without = { ...event, targets: new Map() };
    await expect(checkChanges(without, await room.published())).rejects.toMatchObject(refused);
  });

  it('one with a base is refused where nothing is published', async () => {
    const event = carried(await room.propose([renewal('targets')]));
    await expect(checkChanges(event, undefined)).rejects.toMatchObject({
      code: 'event-malformed',
      path: 'base',
    });
  });

  it('one with a base that never was is refused', async () => {
    const event = await room.propose([renewal('targets')]);
    const base = { snapshotVersion: 9, timestampSha256: '0'.repeat(64) };
    await expect(checkChanges({ ...event, base }, await room.published())).rejects.toMatchObject({
      code: 'event-malformed',
      path: 'base',
    });
  });
});

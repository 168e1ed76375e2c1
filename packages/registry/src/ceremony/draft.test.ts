import { utf8 } from '@symbolon/protocol/bytes';
import { beforeEach, describe, expect, it } from 'vitest';
import { rootFile, TIMESTAMP_FILE } from '../metadata/file-names.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { ADMINS, authority, NOW, signer } from '../testing/small-registry.ts';
import type { Change } from './changes/change.ts';
import { openDraft } from './draft.ts';
import type { SigningEvent } from './event/signing-event.ts';
import type { OnlineSigners } from './online-roles.ts';
import { publish, storeFiles } from './publish.ts';
import { rotateRoot } from './root.ts';
import { openRoom, type Room } from './testing/ceremony-room.ts';

/**
 * New online keys, and the old ones are gone: the root goes before the rest, and the publication breaks off in between. What is there then serves no reader,
 * so whoever comes next must be able to go on from it.
 */

const fresh = await signer('fresh');
const online: OnlineSigners = { snapshot: [fresh], timestamp: [fresh] };
const renewal = (role: string): Change => ({ change: 'renew', role });

let room: Room;
let rotation: SigningEvent;
beforeEach(async () => {
  room = await openRoom();
  const to = { snapshot: authority([fresh]), timestamp: authority([fresh]) };
  rotation = await room.sign(await room.propose([{ change: 'rotate-online', ...to }]));
});

/** The root is there, and nothing else of the publication. */
async function breakOff(): Promise<void> {
  const { files, rootFirst } = await room.seal(rotation, NOW, online);
  expect(rootFirst).toBe(true);
  for (const [path, bytes] of files) {
    if (path === rootFile(2)) await room.registry.store.create(path, bytes);
  }
}

describe('REQ-REG-020 a root that was published ahead of the rest', () => {
  it('is in the draft of the next run, on top of what is published, and that run finishes the publication', async () => {
    await breakOff();
    await expect(room.open()).rejects.toMatchObject({ code: 'metadata-signatures' });
    const draft = await room.published();
    expect([draft.base?.trust.root.signed.version, draft.trust.root.signed.version]).toEqual([1, 2]);
    expect([...draft.files.keys()]).toEqual([rootFile(2)]);
    await publish(room.registry.store, await room.seal(rotation, NOW, online));
    const { view, state } = await room.open();
    expect([view.version, state.rootVersion]).toEqual([2, 2]);
  });

  it('is gone on with by its own event, and by one without a root; another root is refused', async () => {
    const [other, without] = [await room.propose([renewal('root')]), await room.propose([renewal('CN-HA')])];
    await breakOff();
    expect(await room.faults(rotation)).toEqual([]);
    expect(await room.faults(without)).toEqual([]);
    expect(await room.faults(other)).toEqual(['publication-conflict root']);
  });

  it('is not looked for where something else is wrong', async () => {
    await breakOff();
    const { files } = room.registry.store;
    const gone = new Map([...files].filter(([path]) => path !== TIMESTAMP_FILE));
    const { pinnedRoot } = room.registry;
    await expect(openDraft({ read: gone, pinnedRoot, now: NOW })).rejects.toMatchObject({
      code: 'metadata-missing',
      path: TIMESTAMP_FILE,
    });
  });

  it('does not make good what is wrong without it, too: the refusal is the one that everyone meets', async () => {
    await breakOff();
    const { store, pinnedRoot } = room.registry;
    const files = new Map([...store.files, ['metadata/1.snapshot.json', utf8('{}')]]);
    const refused = { code: 'metadata-signatures' };
    await expect(openDraft({ read: files, pinnedRoot, now: NOW })).rejects.toMatchObject(refused);
  });

  it('is none when it is the anchor itself: a timestamp that its keys did not sign is refused', async () => {
    const { store, pinnedRoot } = room.registry;
    const [path = ''] = [...store.files.keys()].filter((each) => each === TIMESTAMP_FILE);
    const text = new TextDecoder().decode(store.files.get(path)).replace('"version": 1', '"version": 2');
    const files = new Map([...store.files, [path, utf8(text)]]);
    await expect(openDraft({ read: files, pinnedRoot, now: NOW })).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
  });

  it('a source that fails on the way has failed, and nothing is made of it', async () => {
    await breakOff();
    const { store, pinnedRoot } = room.registry;
    const failure = new Error('the store is away');
    let looks = 0;
    const read: ReadFile = async (path, expected) => {
      if (path === TIMESTAMP_FILE && ++looks === 2) throw failure;
      return storeFiles(store)(path, expected);
    };
    await expect(openDraft({ read, pinnedRoot, now: NOW })).rejects.toBe(failure);
  });

  it('counts no more once it was passed on: the next root is rotated from it', async () => {
    await breakOff();
    await publish(room.registry.store, await room.seal(rotation, NOW, online));
    const current = room.registry.store.files.get(rootFile(2)) ?? expect.unreachable();
    const next = await rotateRoot({ current, roles: {}, signers: ADMINS, now: NOW });
    expect((await room.published()).files.size).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(next)).signed.version).toBe(3);
  });
});

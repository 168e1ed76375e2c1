import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import { signTimestamp } from '../ceremony/online-roles.ts';
import { seal } from '../ceremony/seal.ts';
import { cosign, unsigned } from '../ceremony/sign.ts';
import { openRoom, type Room } from '../ceremony/testing/ceremony-room.ts';
import { metadataFile } from '../metadata/file-names.ts';
import { parseSnapshot } from '../metadata/metadata.ts';
import { authorityOf } from '../metadata/threshold.ts';
import { NOW, ONLINE, SNAPSHOT } from '../testing/small-registry.ts';
import { readHistory } from './read-history.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
  await room.hold([{ change: 'renew', role: 'targets' }]);
});

/** The holder of the online keys publishes a snapshot whose record is edited. */
async function publishRecord(edit: (record: JsonObject) => Json): Promise<void> {
  const { base } = await room.published();
  if (base === undefined) throw new TypeError('nothing published');
  const { root, snapshot, timestamp } = base.trust;
  const version = snapshot.signed.version + 1;
  const own = {
    version: snapshot.signed.version,
    sha256: timestamp.signed.meta['snapshot.json'].hashes?.sha256 ?? '',
  };
  const record = { ...Object(snapshot.raw['publication']), previous: own };
  const bytes = unsigned({ ...snapshot.raw, version, publication: edit(record) });
  const next = parseSnapshot(await cosign(bytes, [SNAPSHOT], authorityOf(root, root.signed.roles.snapshot)));
  const { store } = room.registry;
  const signed = await signTimestamp(root, timestamp, next, ONLINE, NOW);
  await store.create(metadataFile('snapshot', version), next.bytes);
  await store.replace('metadata/timestamp.json', signed.bytes, timestamp.bytes);
}

async function told(limit = 20, reads: string[] = []) {
  const { base, read } = await room.published(addHours(NOW, 1));
  if (base === undefined) throw new TypeError('nothing published');
  const noted: typeof read = (path, expected) => {
    reads.push(path);
    return read(path, expected);
  };
  const { entries, end } = await readHistory(noted, base.trust, { limit });
  return { entries: entries.map(({ version, title, isWhole }) => [version, title, isWhole]), end };
}

describe('REQ-REG-007 one malformed record hides no other publication', () => {
  it('a title that is none: it is left out, and the history goes on, also under a later publication', async () => {
    await publishRecord((record) => ({ ...record, title: 'a\u001b[2Jb' }));
    const before = [
      [3, undefined, false],
      [2, 'a change', true],
      [1, 'publication', true],
    ];
    expect(await told()).toEqual({ entries: before, end: 'first' });
    await room.hold([{ change: 'renew', role: 'CN-HA' }]);
    expect(await told()).toEqual({ entries: [[4, 'a change', true], ...before], end: 'first' });
    expect(await told(1)).toEqual({ entries: [[4, 'a change', true]], end: 'limit' });
  });

  it.each<[string, (record: JsonObject) => Json]>([
    ['previous is malformed', ({ previous: _, ...record }) => ({ ...record, previous: 'the one before' })],
    ['it is no object', () => 'renewal'],
    ['a part is missing, and so is previous', ({ previous: _, at: __, ...record }) => record],
  ])('%s: the history ends there, and says so', async (_what, edit) => {
    await publishRecord(edit);
    const { entries, end } = await told();
    expect([entries.map(([version]) => version), end]).toEqual([[3], 'unreadable']);
    await room.hold([{ change: 'renew', role: 'CN-HA' }]);
    expect((await told()).entries.map(([version]) => version)).toEqual([4, 3]);
  });

  it('previous names a snapshot that says it is another one: that one is not gone on from', async () => {
    const { store } = room.registry;
    const first = store.files.get(metadataFile('snapshot', 1)) ?? expect.unreachable();
    await publishRecord((record) => ({ ...record, previous: { version: 9, sha256: toHex(sha256(first)) } }));
    await store.create(metadataFile('snapshot', 9), first);
    await expect(told()).rejects.toMatchObject({
      code: 'metadata-mismatch',
      path: metadataFile('snapshot', 9),
    });
  });

  it('and a title that is none is not published', async () => {
    const draft = await room.published();
    for (const title of ['a\nb', '', 'x'.repeat(201)]) {
      await expect(seal(draft, ONLINE, NOW, title)).rejects.toMatchObject({
        code: 'event-malformed',
        path: 'title',
      });
    }
  });

  it('tells the roles of a publication by its files, and none where it is not known what was before', async () => {
    await publishRecord(({ root: _, ...record }) => record);
    const { base, read } = await room.published();
    if (base === undefined) throw new TypeError('nothing published');
    const [newest] = (await readHistory(read, base.trust, { limit: 1 })).entries;
    expect(newest).toMatchObject({ version: 3, isWhole: false, roles: [], unpublishedRoot: undefined });
  });
});

it('a limit reads no snapshot that it does not need', async () => {
  for (const hours of [1, 2, 3])
    await room.hold([{ change: 'renew', role: 'CN-HA' }], addHours(NOW, hours / 4));
  const reads: string[] = [];
  await told(1, reads);
  expect(reads.filter((path) => path.includes('snapshot'))).toEqual(['metadata/4.snapshot.json']);
});

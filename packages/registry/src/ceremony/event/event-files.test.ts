import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ADMINS,
  authority,
  DICTIONARY,
  FEDERATION,
  NOW,
  ROOT_ROLES,
  regionFiles,
  regionSigners,
} from '../../testing/small-registry.ts';
import { jsonFile } from '../json-file.ts';
import { openRoom, type Room } from '../testing/ceremony-room.ts';
import { draftEvent } from './draft-event.ts';
import { eventFiles } from './event-files.ts';
import { readEvent } from './read-event.ts';
import { signEvent } from './sign-event.ts';
import type { SigningEvent } from './signing-event.ts';

let room: Room;
let event: SigningEvent;
let files: Map<string, Bytes>;

beforeAll(async () => {
  room = await openRoom();
  const { admins, keys } = await regionSigners('CN-GD');
  const change = {
    change: 'add-region',
    region: 'CN-GD',
    admins: authority(admins, 2),
    keys: authority([keys]),
  } as const;
  const proposed = await room.propose([{ ...change, files: regionFiles('CN-GD') }]);
  event = await signEvent(proposed, await room.published(), ADMINS.slice(0, 1));
  files = new Map(eventFiles(event));
});

const text = (path: string) => fromUtf8(files.get(path) ?? new Uint8Array());
const target = () => [...files.keys()].find((path) => path.startsWith('targets/')) ?? '';
const signature = () => [...files.keys()].find((path) => path.startsWith('signatures/')) ?? '';

describe('the folder of an event', () => {
  it('REQ-CER-001 is read back as the event that it was written from', () => {
    expect(readEvent(files)).toEqual(event);
    expect(eventFiles(readEvent(files))).toEqual(files);
    expect([...files.keys()].map((path) => path.replaceAll(/[0-9a-f]{64}/g, 'HASH')).toSorted()).toEqual([
      'DIFF.md',
      'event.json',
      'metadata/1.CN-GD.json',
      'metadata/2.targets.json',
      'signatures/2.targets.HASH.json',
      'targets/regions/CN-GD/HASH.recognition.json',
      'targets/regions/CN-GD/HASH.region.json',
      'targets/regions/CN-GD/HASH.rules.health.json',
    ]);
    expect(JSON.parse(text('event.json'))).toMatchObject({
      symbolonEvent: 1,
      title: 'a change',
      createdAt: '2026-09-07T08:00:00Z',
      base: { snapshotVersion: 1 },
      changes: [{ change: 'add-region', region: 'CN-GD' }],
      roles: [
        { role: 'CN-GD', version: 1 },
        { role: 'targets', version: 2 },
      ],
    });
  });

  it('REQ-CER-001 is read back so in whatever order its files come: root first, then by name', async () => {
    const renewals = (['root', 'targets', 'CN-HA'] as const).map(
      (role) => ({ change: 'renew', role }) as const,
    );
    const all = await room.propose(renewals);
    const written = [...eventFiles(all)];
    for (const order of [written, written.toReversed()]) {
      const read = readEvent(new Map(order));
      expect([read.root?.signed.version, ...read.roles.keys()]).toEqual([2, 'CN-HA', 'targets']);
      expect(eventFiles(read)).toEqual(eventFiles(all));
    }
  });

  it('REQ-CER-001 of a first publication has no base, and one that nobody compared has no DIFF.md', async () => {
    const content = new Map([
      ['federation.json', jsonFile(FEDERATION)],
      ['dictionary.json', jsonFile(DICTIONARY)],
    ]);
    const create = { change: 'create', ...ROOT_ROLES, files: content } as const;
    const first = await draftEvent(undefined, [create], { title: 'the beginning', now: NOW });
    const written = eventFiles(first);
    expect(written.has('DIFF.md')).toBe(false);
    expect(JSON.parse(fromUtf8(written.get('event.json') ?? new Uint8Array())).base).toBeNull();
    expect(readEvent(written)).toEqual(first);
  });

  it('REQ-CER-001 has at most 1,024 changes', async () => {
    const renewals = (count: number) =>
      Array.from({ length: count }, () => ({ change: 'renew', role: 'CN-HA' }) as const);
    const options = { title: 'much', now: NOW };
    await expect(draftEvent(await room.published(), renewals(1025), options)).rejects.toMatchObject({
      code: 'event-malformed',
      path: 'changes',
      bound: 1024,
    });
  });

  it('copies that two admins signed apart are merged by copying their files together', async () => {
    const [, second] = await Promise.all(
      ADMINS.map(async (admin) => eventFiles(await signEvent(event, await room.published(), [admin]))),
    );
    const merged = readEvent(new Map([...files, ...(second ?? [])]));
    expect([...(merged.signatures.get('targets')?.keys() ?? [])]).toHaveLength(2);
    const together = await signEvent(event, await room.published(), ADMINS.slice(1, 2));
    expect([...(together.signatures.get('targets')?.keys() ?? [])].toSorted()).toEqual(
      [...(merged.signatures.get('targets')?.keys() ?? [])].toSorted(),
    );
  });

  const without = (path: string) => new Map([...files].filter(([each]) => each !== path));
  const having = (path: string, content: string) => new Map([...files, [path, utf8(content)]]);
  const edited = (path: string, from: string | RegExp, to: string) =>
    having(path, text(path).replace(from, to));

  it.each<[what: string, broken: () => Map<string, Bytes>]>([
    ['is empty', () => new Map()],
    ['has no event.json', () => without('event.json')],
    ['lacks a file that event.json lists', () => without('metadata/1.CN-GD.json')],
    ['has a file that no event has', () => having('notes.txt', 'x')],
    ['has a hidden file', () => having('metadata/.1.CN-GD.json', '{}')],
    ['has a path that leaves it', () => having('metadata/../../1.CN-GD.json', '{}')],
    [
      'has metadata that event.json does not list',
      () =>
        having(
          'metadata/3.CN-HA.json',
          text('metadata/1.CN-GD.json').replace('"version": 1', '"version": 3'),
        ),
    ],
    [
      'has a role twice',
      () =>
        having(
          'metadata/3.targets.json',
          text('metadata/2.targets.json').replace('"version": 2', '"version": 3'),
        ),
    ],
    ['brings a snapshot', () => having('metadata/2.snapshot.json', text('metadata/2.targets.json'))],
    ['brings a timestamp', () => having('metadata/2.timestamp.json', text('metadata/2.targets.json'))],
    [
      'has metadata that says another version',
      () => edited('metadata/1.CN-GD.json', '"version": 1', '"version": 2'),
    ],
    [
      'has metadata that is signed in place',
      () => edited('metadata/1.CN-GD.json', '[]', `[{"keyid":"${'0'.repeat(64)}","sig":"00"}]`),
    ],
    ['has metadata that is none', () => having('metadata/1.CN-GD.json', '{}')],
    ['has targets metadata as root', () => having('metadata/2.root.json', text('metadata/2.targets.json'))],
    ['has a target that is not listed', () => having('targets/regions/CN-GD/x.region.json', '{}')],
    ['has a target of other content', () => edited(target(), '{', '{ ')],
    [
      'has a signature under another key id',
      () => having(`signatures/2.targets.${'0'.repeat(64)}.json`, text(signature())),
    ],
    ['has a signature that is none', () => having(signature(), '{"keyid":"00","sig":"00"}')],
    ['has a signature with more in it', () => edited(signature(), '{', '{"note":1,')],
    [
      'has a signature of a role that it does not have',
      () => having(`signatures/2.CN-HA.${'0'.repeat(64)}.json`, `{"keyid":"${'0'.repeat(64)}","sig":"00"}`),
    ],
    [
      'has a signature of another version',
      () => having(signature().replace('/2.', '/3.'), text(signature())),
    ],
    ['is of a form to come', () => edited('event.json', '"symbolonEvent": 1', '"symbolonEvent": 2')],
    ['knows a change that there is not', () => edited('event.json', 'add-region', 'add-regions')],
    ['has more fields', () => edited('event.json', '{', '{"more":true,')],
    ['has a field twice', () => edited('event.json', '{', '{"title":"a",')],
    ['has a title that turns the text around', () => edited('event.json', 'a change', 'a \u202e change')],
    ['has a title of two lines', () => edited('event.json', 'a change', 'a\\nchange')],
    ['has a title that is too long', () => edited('event.json', 'a change', 'x'.repeat(201))],
    ['has a time that is none', () => edited('event.json', '2026-09-07T08:00:00Z', '2026-09-31T08:00:00Z')],
    ['has a diff that is not UTF-8', () => new Map([...files, ['DIFF.md', Uint8Array.of(0xff)]])],
    [
      'has too many files',
      () => new Map([...files, ...Array.from({ length: 16_384 }, (_, i) => [`x${i}`, utf8('')] as const)]),
    ],
  ])('REQ-CER-001 is refused when it %s', (_what, broken) => {
    expect(() => readEvent(broken())).toThrow(expect.objectContaining({ code: 'event-malformed' }));
  });

  it('REQ-CER-001 is refused when it is too large, before anything in it is read', () => {
    const big = new Map([['event.json', new Uint8Array(64 * 1024 * 1024 + 1)]]);
    expect(() => readEvent(big)).toThrow(
      expect.objectContaining({ code: 'event-malformed', bound: 64 * 1024 * 1024 }),
    );
  });

  it.each([
    ['venue', undefined],
    ['log', 'event-malformed'],
    ['witness', 'event-malformed'],
  ])('REQ-CER-001 adds keys of uses that mean something in keys.json: %s', async (use, code) => {
    const content = JSON.parse(text('event.json'));
    const adding = {
      ...content,
      changes: [{ change: 'add-key', region: 'CN-HA', use, jwk: ADMINS[0]?.publicJwk }],
    };
    const read = () => readEvent(having('event.json', JSON.stringify(adding)));
    if (code === undefined) expect(read().changes).toMatchObject([{ change: 'add-key', use }]);
    else expect(read).toThrow(expect.objectContaining({ code }));
  });

  it('REQ-CER-001 what event.json says is not what the event is: the files decide', () => {
    const lying = edited('event.json', '"region": "CN-GD"', '"region": "CN-XX"');
    const { changes, roles } = readEvent(lying);
    expect(changes).toMatchObject([{ region: 'CN-XX' }]);
    expect([...roles.keys()]).toEqual(['CN-GD', 'targets']);
    expect(roles.get('targets')?.signed.expires).toBeGreaterThan(NOW);
  });
});

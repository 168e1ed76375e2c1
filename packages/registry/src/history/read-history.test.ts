import { utf8 } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../ceremony/changes/change.ts';
import { signSnapshot, signTimestamp } from '../ceremony/online-roles.ts';
import { publish, storeFiles } from '../ceremony/publish.ts';
import { resignTimestamp } from '../ceremony/resign-timestamp.ts';
import { openRoom, type Room } from '../ceremony/testing/ceremony-room.ts';
import { updateRole } from '../ceremony/update-role.ts';
import { metadataFile } from '../metadata/file-names.ts';
import {
  ADMINS,
  authority,
  delegationTo,
  later,
  NOW,
  ONLINE,
  regionSigners,
  republish,
  signer,
} from '../testing/small-registry.ts';
import { type History, readHistory } from './read-history.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const fresh = await signer('fresh');
const renewal = (role: string): Change => ({ change: 'renew', role });

async function history(limit = 100, now = NOW): Promise<History> {
  const { base, read } = await room.published(now);
  if (base === undefined) throw new TypeError('nothing published');
  return readHistory(read, base.trust, { limit });
}

/** Versions, and role, version, kids of who signed. */
async function told(limit?: number, now = NOW) {
  const { entries, end } = await history(limit, now);
  const roles = entries.map(({ version, roles }) => [
    version,
    ...roles.map(
      ({ role, version: of, signers }) => `${role} ${of} ${signers.map(({ kid }) => kid).join(' ')}`,
    ),
  ]);
  return { roles, end };
}

const kids = (signers: readonly { readonly kid: string }[]) => signers.map(({ kid }) => kid).join(' ');

describe('the history', () => {
  it('tells of each publication what it changed, who signed, and what happened to issuing keys', async () => {
    const henan = room.registry.regions['CN-HA'];
    await room.hold(
      [{ change: 'add-key', region: 'CN-HA', use: 'credential', jwk: fresh.publicJwk }],
      addHours(NOW, 1),
    );
    const [{ kid: old = '' } = {}] = (await room.open(addHours(NOW, 1))).view.regions['CN-HA']?.keys ?? [];
    const revoke = { region: 'CN-HA', kid: old, since: NOW, reason: 'leaked', leaveNone: true } as const;
    await room.hold([{ change: 'revoke-key', ...revoke }], addHours(NOW, 2));
    const { entries, end } = await history();
    expect(end).toBe('first');
    expect(entries.slice(0, 2)).toEqual([
      {
        version: 3,
        at: addHours(NOW, 2),
        title: 'a change',
        isWhole: true,
        unpublishedRoot: undefined,
        roles: [
          {
            role: 'CN-HA.keys',
            version: 3,
            threshold: 1,
            signers: [{ kid: henan.keys.kid, keyid: expect.stringMatching(/^[0-9a-f]{64}$/) }],
            keys: { added: [], revoked: [old], ended: [] },
          },
        ],
      },
      expect.objectContaining({
        version: 2,
        roles: [expect.objectContaining({ keys: { added: [fresh.kid], revoked: [], ended: [] } })],
      }),
    ]);
    expect(entries[2]).toMatchObject({ version: 1, at: NOW, title: 'publication' });
    expect(entries[2]?.roles.map(({ role }) => role)).toEqual([
      'root',
      'CN-BJ',
      'CN-BJ.keys',
      'CN-HA',
      'CN-HA.keys',
      'targets',
    ]);
    expect(entries[2]?.roles[4]?.keys?.added).toEqual([old]);
  });

  it('judges every signature by the keys of its time', async () => {
    const [a, b, c] = ADMINS;
    if (a === undefined || b === undefined || c === undefined) throw new TypeError('admins');
    const former = room.registry.regions['CN-HA'];
    const { admins } = await regionSigners('CN-HA new');
    await room.hold(
      [{ change: 'rotate-region', region: 'CN-HA', admins: authority(admins, 2) }],
      NOW,
      admins,
    );
    await room.hold([{ change: 'remove-admin', kid: a.kid }]);
    await room.hold([renewal('CN-HA')], NOW, admins);
    const { roles } = await told();
    expect(roles).toEqual([
      [4, `CN-HA 3 ${sorted(admins, roles[0]?.[1])}`],
      [3, expect.stringMatching(/^root 2 /)],
      [2, `CN-HA 2 ${sorted(admins, roles[2]?.[1])}`, expect.stringMatching(/^targets 2 /)],
      [1, expect.stringMatching(/^root 1 /), ...Array(5).fill(expect.any(String))],
    ]);
    // All three signed root 2: a by the keys before, b and c by both.
    expect(String(roles[1]?.[1]).split(' ').slice(2).toSorted()).toEqual(
      [a, b, c].map(({ kid }) => kid).toSorted(),
    );
    const first = roles[3]?.find((each) => String(each).startsWith('CN-HA 1'));
    expect(first).toBe(`CN-HA 1 ${kids(former.admins)}`);
  });

  it('names renewals, which change no role', async () => {
    const { store, pinnedRoot } = room.registry;
    const now = later(5);
    await publish(
      store,
      await resignTimestamp({ read: storeFiles(store), pinnedRoot, signers: ONLINE, now }),
    );
    const { entries } = await history(1, now);
    expect(entries).toEqual([
      { version: 2, at: now, title: 'renewal', isWhole: true, roles: [], unpublishedRoot: undefined },
    ]);
  });

  it('follows regions below regions, and such as left', async () => {
    const city = await regionSigners('CN-HA.zhengzhou');
    const add: Change = { change: 'add-region', ...delegationTo('CN-HA.zhengzhou', city) };
    const keys: Change = {
      change: 'add-key',
      region: 'CN-HA.zhengzhou',
      use: 'credential',
      jwk: fresh.publicJwk,
    };
    await room.hold([add, keys], NOW, [...city.admins, city.keys]);
    await room.hold([{ change: 'remove-region', region: 'CN-HA' }]);
    const { roles } = await told();
    expect(roles[1]).toEqual([
      2,
      expect.stringMatching(/^CN-HA 2 /),
      `CN-HA.zhengzhou.keys 1 ${city.keys.kid}`,
    ]);
    expect(roles[0]).toEqual([3, expect.stringMatching(/^targets 2 /)]);
  });

  it('knows no signers of a role that nobody delegated to any more', async () => {
    const city = await regionSigners('CN-HA.zhengzhou');
    await room.hold([{ change: 'add-region', ...delegationTo('CN-HA.zhengzhou', city) }]);
    await republish(room.registry, NOW, async (draft) => {
      const left = await updateRole(draft, { role: 'targets', undelegate: ['CN-HA'] }, ADMINS, NOW);
      return updateRole(left, { role: 'CN-HA.zhengzhou' }, city.admins, NOW);
    });
    const [newest] = (await history(1)).entries;
    expect(newest?.roles.map(({ role, signers, threshold }) => [role, signers.length, threshold])).toEqual([
      ['CN-HA.zhengzhou', 0, 0],
      ['targets', 3, 2],
    ]);
  });

  it('is told as far back as one asks, and says where it stopped', async () => {
    for (const hours of [1, 2, 3]) await room.hold([renewal('CN-HA')], addHours(NOW, hours));
    expect((await told(2, later(1))).end).toBe('limit');
    expect((await told(2, later(1))).roles.map(([version]) => version)).toEqual([4, 3]);
    expect((await told(4, later(1))).end).toBe('first');
    expect(await told(0, later(1))).toEqual({ roles: [], end: 'limit' });
  });

  it('ends with a mark at a publication that was made without a record', async () => {
    const { store } = room.registry;
    const { base, trust } = await room.published();
    if (base === undefined) throw new TypeError('nothing published');
    const snapshot = await signSnapshot(trust.root, 2, { ...base.trust.snapshot.signed.meta }, ONLINE, NOW);
    const timestamp = await signTimestamp(trust.root, base.trust.timestamp, snapshot, ONLINE, NOW);
    await store.create(metadataFile('snapshot', 2), snapshot.bytes);
    await store.replace('metadata/timestamp.json', timestamp.bytes, base.trust.timestamp.bytes);
    expect(await told()).toEqual({ roles: [], end: 'unrecorded' });
    await room.hold([renewal('CN-HA')]);
    expect(await told()).toEqual({ roles: [[3, expect.stringMatching(/^CN-HA 2 /)]], end: 'unrecorded' });
  });
});

describe('REQ-REG-007 nobody rewrites the history', () => {
  it.each([
    ['a snapshot', 'metadata/1.snapshot.json'],
    ['a role', 'metadata/1.CN-HA.json'],
    ['keys.json', /^targets\/regions\/CN-HA\/[0-9a-f]+\.keys\.json$/],
    ['a root', 'metadata/1.root.json'],
  ])('%s that was changed is found out, and so is one that is gone', async (_what, path) => {
    await room.hold([renewal('root')]);
    await room.hold([renewal('CN-HA'), renewal('CN-HA.keys')]);
    const { base } = await room.published();
    if (base === undefined) throw new TypeError('nothing published');
    const { files } = room.registry.store;
    const found = [...files.keys()].find((each) =>
      typeof path === 'string' ? each === path : path.test(each),
    );
    const read = (content: string | undefined) => async (each: string) => {
      if (each !== found) return files.get(each);
      return content === undefined ? undefined : utf8(content);
    };
    const original = new TextDecoder().decode(files.get(found ?? ''));
    const changed = readHistory(read(`${original} `), base.trust, { limit: 9 });
    await expect(changed).rejects.toMatchObject({ code: 'metadata-mismatch' });
    const gone = readHistory(read(undefined), base.trust, { limit: 9 });
    await expect(gone).rejects.toMatchObject({ code: 'metadata-missing' });
  });
});

describe('a root that never came', () => {
  it('is told as such, while it is awaited and after another one took its place', async () => {
    const { store } = room.registry;
    const event = await room.sign(await room.propose([{ change: 'add-admin', jwk: fresh.publicJwk }]));
    const publication = await room.seal(event);
    const { files, ...rest } = publication;
    // It breaks off before its last step.
    await publish(store, { ...rest, files: new Map([...files].filter(([path]) => !path.includes('root'))) });
    const awaited = await history();
    expect(awaited.entries[0]).toMatchObject({ version: 2, unpublishedRoot: 2, roles: [] });
    await room.hold([renewal('root'), renewal('CN-HA')], addHours(NOW, 1));
    const { entries } = await history(9, addHours(NOW, 1));
    expect(
      entries.map(({ version, unpublishedRoot, roles }) => [version, unpublishedRoot, roles[0]?.role]),
    ).toEqual([
      [3, undefined, 'root'],
      [2, 2, undefined],
      [1, undefined, 'root'],
    ]);
    expect(entries[0]?.roles.map(({ role, version }) => `${role} ${version}`)).toEqual(['root 2', 'CN-HA 2']);
  });
});

/** The kids of a line, if they are two or more of these signers. */
function sorted(signers: readonly { readonly kid: string }[], line: unknown): string {
  const names = String(line).split(' ').slice(2);
  return names.length >= 2 && names.every((name) => signers.some(({ kid }) => kid === name))
    ? names.join(' ')
    : '';
}

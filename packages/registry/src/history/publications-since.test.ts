import { sha256Hex } from '@symbolon/keys/digest';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { PublishedItem } from '@symbolon/protocol/schemas/leaf';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../ceremony/changes/change.ts';
import { jsonFile } from '../ceremony/json-file.ts';
import { publish, storeFiles } from '../ceremony/publish.ts';
import { resignTimestamp } from '../ceremony/resign-timestamp.ts';
import { openRoom, type Room } from '../ceremony/testing/ceremony-room.ts';
import { updateRole } from '../ceremony/update-role.ts';
import { keyIdOf, tufKeyOf } from '../metadata/keys.ts';
import {
  ADMINS,
  authority,
  delegationTo,
  later,
  NOW,
  ONLINE,
  regionFiles,
  regionSigners,
  republish,
  signer,
} from '../testing/small-registry.ts';
import { type PublicationRef, publicationsSince } from './publications-since.ts';

let room: Room;
let now: Instant;
beforeEach(async () => {
  room = await openRoom();
  now = NOW;
});

const fresh = await signer('fresh');
const keyid = (jwk: Parameters<typeof tufKeyOf>[0]) => keyIdOf(tufKeyOf(jwk));
const keyids = (signers: readonly { readonly publicJwk: Parameters<typeof tufKeyOf>[0] }[]) =>
  signers.map(({ publicJwk }) => keyid(publicJwk));

async function since(known?: PublicationRef, limit = 10) {
  const { base, read } = await room.published(now);
  if (base === undefined) throw new TypeError('nothing published');
  return publicationsSince(read, base.trust, known, limit);
}
const hold = async (changes: readonly Change[], others: Parameters<Room['hold']>[2] = []) => {
  now = addHours(now, 1);
  await room.hold(changes, now, others);
};
/** What one event brought. */
async function brought(
  changes: readonly Change[],
  others: Parameters<Room['hold']>[2] = [],
): Promise<readonly PublishedItem[]> {
  const known = (await since())[0];
  await hold(changes, others);
  const [news, ...more] = await since(known);
  expect(more).toEqual([]);
  return news?.items ?? [];
}
const nextKey: Change = { change: 'add-key', region: 'CN-HA', use: 'credential', jwk: fresh.publicJwk };

describe('REQ-LOG-017 what the log begins with', () => {
  it('is the current publication, and all that is there', async () => {
    await hold([nextKey]);
    const [first, ...more] = await since();
    expect(more).toEqual([]);
    const snapshot = room.registry.store.files.get('metadata/2.snapshot.json') ?? new Uint8Array();
    expect(first).toMatchObject({ version: 2, sha256: sha256Hex(snapshot), root: 1, at: now, first: true });
    const roles = first?.items.flatMap((item) => ('role' in item ? [item.role] : []));
    expect(roles).toEqual([
      ...['root', 'targets', 'snapshot', 'timestamp'],
      ...['CN-BJ', 'CN-BJ.keys', 'CN-HA', 'CN-HA.keys'],
    ]);
    expect(first?.items.filter((item) => 'first' in item)).toEqual([]);
    const keys = first?.items.flatMap((item) => ('keys' in item ? [[item.region, item.keys.length]] : []));
    expect(keys).toEqual([
      ['CN-BJ', 1],
      ['CN-HA', 2],
    ]);
    const view = (await room.open(now)).state.ruleHashes;
    const rules = first?.items.flatMap((item) =>
      'rules' in item
        ? item.rules.map(({ rule, digest }) => [`${item.region}/${item.scheme}/${rule}`, digest])
        : [],
    );
    expect(Object.fromEntries(rules ?? [])).toEqual(view);
  });
});

describe('what each later publication brought', () => {
  it('all of them in order, so many at a time', async () => {
    const known = (await since())[0];
    for (const role of ['CN-HA', 'CN-BJ', 'targets']) await hold([{ change: 'renew', role }]);
    expect((await since(known)).map(({ version, first }) => [version, first])).toEqual([
      [2, false],
      [3, false],
      [4, false],
    ]);
    const two = await since(known, 2);
    expect(two.map(({ version }) => version)).toEqual([2, 3]);
    expect((await since(two[1])).map(({ version }) => version)).toEqual([4]);
    expect(await since((await since(two[1]))[0])).toEqual([]);
  });

  it('nothing, where roles or the snapshot were renewed only', async () => {
    expect(await brought([{ change: 'renew', role: 'targets' }])).toEqual([]);
    const known = (await since())[0];
    const { store, pinnedRoot } = room.registry;
    now = later(5);
    const renewal = { read: storeFiles(store), pinnedRoot, signers: ONLINE, now };
    await publish(store, await resignTimestamp(renewal));
    expect(await since(known)).toMatchObject([{ version: 3, items: [] }]);
  });

  it('REQ-KEY-012 a key of a region, and a revocation', async () => {
    const [{ kid: old = '' } = {}] = (await room.open(now)).view.regions['CN-HA']?.keys ?? [];
    const added = await brought([nextKey]);
    const { notBefore } =
      (await room.open(now)).view.regions['CN-HA']?.keys.find(({ kid }) => kid === fresh.kid) ??
      expect.unreachable();
    expect(added).toEqual([
      { region: 'CN-HA', keys: [{ kid: fresh.kid, use: 'credential', notBefore }], revoked: [] },
    ]);
    const revoke = { region: 'CN-HA', kid: old, since: NOW, reason: 'leaked', leaveNone: true } as const;
    expect(await brought([{ change: 'revoke-key', ...revoke }])).toEqual([
      { region: 'CN-HA', keys: [], revoked: [old] },
    ]);
  });

  it('REQ-LOG-018 new keys of a region’s role, by its old delegation and by a new one', async () => {
    const former = room.registry.regions['CN-HA'].admins;
    const [first] = former;
    if (first === undefined) throw new TypeError('admins');
    const to = authority([first, fresh], 2);
    expect(await brought([{ change: 'rotate-region', region: 'CN-HA', admins: to }], [fresh])).toEqual([
      { role: 'CN-HA', keyids: [keyid(fresh.publicJwk)] },
    ]);
  });

  it('REQ-LOG-018 a region that comes for the first time says so; one that comes back does not', async () => {
    const guangdong = await regionSigners('CN-GD');
    const add: Change = { change: 'add-region', ...delegationTo('CN-GD', guangdong) };
    expect(await brought([add])).toEqual([
      { role: 'CN-GD', keyids: keyids(guangdong.admins), first: true },
      { role: 'CN-GD.keys', keyids: [keyid(guangdong.keys.publicJwk)], first: true },
    ]);
    const own = [...guangdong.admins, guangdong.keys];
    const files: Change = {
      change: 'put',
      role: 'CN-GD',
      files: regionFiles('CN-GD'),
    };
    const keys: Change = {
      change: 'add-key',
      region: 'CN-GD',
      use: 'credential',
      jwk: fresh.publicJwk,
    };
    expect(await brought([files, keys], own)).toEqual([
      expect.objectContaining({ region: 'CN-GD', scheme: 'health', first: true }),
      expect.objectContaining({ region: 'CN-GD', keys: [expect.anything()] }),
    ]);
    expect(await brought([{ change: 'remove-region', region: 'CN-GD' }])).toEqual([]);
    // No ceremony takes a name twice; who holds the admins' keys can.
    const known = (await since())[0];
    await republish(room.registry, now, (draft) =>
      updateRole(draft, { role: 'targets', delegate: [delegationTo('CN-GD', guangdong)] }, ADMINS, now),
    );
    const again = (await since(known))[0]?.items ?? [];
    expect(again.filter((item) => 'first' in item)).toEqual([]);
    expect(again.map((item) => ('role' in item ? item.role : Object.keys(item)))).toEqual([
      'CN-GD',
      'CN-GD.keys',
      ['region', 'scheme', 'rules'],
      ['region', 'keys', 'revoked'],
    ]);
  });

  it('REQ-RUL-010 a rule that was not there before', async () => {
    const [path, before] =
      [...regionFiles('CN-HA')].find(([each]) => each.endsWith('rules.health.json')) ?? expect.unreachable();
    const { rules, ...set } = JSON.parse(fromUtf8(before));
    const file = jsonFile({
      ...set,
      rules: [...rules, { ...rules[0], id: 'next', from: '2026-10-01T00:00:00Z' }],
    });
    const items = await brought([{ change: 'put', role: 'CN-HA', files: new Map([[path, file]]) }]);
    const digest = (await room.open(now)).state.ruleHashes['CN-HA/health/next@1'];
    expect(items).toEqual([{ region: 'CN-HA', scheme: 'health', rules: [{ rule: 'next@1', digest }] }]);
  });

  it('new admins; those of a root that had not come yet are told with the publication that is read under it', async () => {
    const known = (await since())[0];
    const [a] = ADMINS;
    now = addHours(now, 1);
    const event = await room.sign(await room.propose([{ change: 'add-admin', jwk: fresh.publicJwk }], now), [
      fresh,
    ]);
    const publication = await room.seal(event, now);
    const root = [...publication.files].find(([path]) => path.endsWith('.root.json')) ?? expect.unreachable();
    const files = new Map([...publication.files].filter(([path]) => path !== root[0]));
    const { store } = room.registry;
    await publish(store, { ...publication, files });
    const [broken, ...none] = await since(known);
    expect(none).toEqual([]);
    expect(broken).toMatchObject({ version: 2, root: 1, items: [] });
    await publish(store, publication);
    expect(await since(broken)).toEqual([]);
    await hold([{ change: 'renew', role: 'CN-HA' }]);
    const keyids = [keyid(fresh.publicJwk)];
    expect(await since(broken)).toMatchObject([
      {
        version: 3,
        root: 2,
        items: [
          { role: 'root', keyids },
          { role: 'targets', keyids },
        ],
      },
    ]);
    expect(keyids).not.toContain(keyid(a?.publicJwk ?? fresh.publicJwk));
  });
});

describe('REQ-LOG-007 a chain that does not lead to what is logged', () => {
  it.each<[string, (known: PublicationRef) => PublicationRef]>([
    ['another snapshot of that version', (known) => ({ ...known, sha256: '0'.repeat(64) })],
    ['a later version', (known) => ({ ...known, version: known.version + 1 })],
    ['a version that never was', (known) => ({ ...known, version: known.version - 1 })],
  ])('%s: log-fork', async (_, change) => {
    await hold([nextKey]);
    const [known] = await since();
    if (known === undefined) throw new TypeError('nothing');
    await expect(since(change(known))).rejects.toMatchObject({ code: 'log-fork' });
  });
});

describe('REQ-REG-019 what is damaged of one region', () => {
  it('is not told, and keeps nothing else back', async () => {
    const known = (await since())[0];
    await hold([nextKey, { change: 'add-key', region: 'CN-BJ', use: 'credential', jwk: fresh.publicJwk }]);
    const { files } = room.registry.store;
    const damaged = new Map(
      [...files].map(([path, bytes]) =>
        path.endsWith('2.CN-HA.keys.json') ? [path, utf8('{}')] : [path, bytes],
      ),
    );
    const { base } = await room.published(now);
    const trust = base?.trust ?? expect.unreachable();
    const news = await publicationsSince(async (path) => damaged.get(path), trust, known, 9);
    expect(news).toMatchObject([{ version: 2, items: [{ region: 'CN-BJ' }] }]);
    expect(news[0]?.items).toHaveLength(1);
  });

  it('a store that does not answer is no damage', async () => {
    const { base } = await room.published(now);
    const trust = base?.trust ?? expect.unreachable();
    const { files } = room.registry.store;
    for (const code of ['metadata-unreachable', 'storage-failed'] as const) {
      const read = async (path: string) => {
        if (path.endsWith('CN-HA.keys.json')) throw new SymbolonError(code);
        return files.get(path);
      };
      await expect(publicationsSince(read, trust, undefined, 9)).rejects.toMatchObject({ code });
    }
  });
});

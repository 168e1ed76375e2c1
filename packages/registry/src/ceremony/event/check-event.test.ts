import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, formatInstant, type Instant } from '@symbolon/protocol/instant';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import { targetFile } from '../../metadata/file-names.ts';
import { keyIdOf } from '../../metadata/keys.ts';
import { forgeRole } from '../../testing/forge-target.ts';
import {
  ADMINS,
  authority,
  delegationTo,
  FEDERATION,
  keysJson,
  later,
  NOW,
  ONLINE,
  regionFiles,
  regionSigners,
  signer,
} from '../../testing/small-registry.ts';
import { keysObjectOf, roleKeysOf } from '../authority.ts';
import type { Change } from '../changes/change.ts';
import { openDraft } from '../draft.ts';
import { jsonFile } from '../json-file.ts';
import { publish } from '../publish.ts';
import { handMade, openRoom, type Room } from '../testing/ceremony-room.ts';
import { checkEvent, refuse } from './check-event.ts';
import { proposeEvent } from './propose-event.ts';
import { sealEvent } from './seal-event.ts';
import { signEvent } from './sign-event.ts';
import { signaturesOf } from './signatures-of.ts';
import type { SigningEvent } from './signing-event.ts';

/**
 * Refusals, by files alone: each event is one that the changes would not have made, as its maker used another tool. Proposer, signers and publisher
 * all run these checks.
 */

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const fresh = await signer('fresh');
const renewal = (role: string): Change => ({ change: 'renew', role });

/** A role of the event lists other files. */
function listing(event: SigningEvent, role: string, files: ReadonlyMap<string, Bytes>): SigningEvent {
  const entries = [...files].map(([path, bytes]) => ({ path, bytes, hash: toHex(sha256(bytes)) }));
  return handMade(
    event,
    role,
    ({ targets }) => ({
      targets: {
        ...(isJsonObject(targets) ? targets : {}),
        ...Object.fromEntries(
          entries.map(({ path, bytes, hash }) => [path, { length: bytes.length, hashes: { sha256: hash } }]),
        ),
      },
    }),
    new Map(entries.map(({ path, bytes, hash }) => [targetFile(path, hash), bytes])),
  );
}

/** Delegations of targets, edited. */
function delegating(
  event: SigningEvent,
  edit: (roles: JsonObject[]) => readonly JsonObject[],
  more: JsonObject = {},
): SigningEvent {
  return handMade(event, 'targets', ({ delegations }) => {
    const { keys, roles }: JsonObject = isJsonObject(delegations) ? delegations : {};
    const list: readonly Json[] = Array.isArray(roles) ? roles : [];
    return {
      delegations: {
        keys: { ...(isJsonObject(keys) ? keys : {}), ...more },
        roles: edit(list.filter(isJsonObject)),
      },
    };
  });
}

type KeyEntry = ReturnType<typeof keysJson>['keys'][number] & { revoked?: object };

/** An event in which `keys.json` of Henan holds these entries. */
async function withKeys(
  edit: (keys: KeyEntry[]) => readonly object[],
  more: object = {},
  now: Instant = NOW,
): Promise<SigningEvent> {
  const content = { region: 'CN-HA', keys: edit(keysJson('CN-HA', ['epoch 1']).keys), ...more };
  const files = new Map([['regions/CN-HA/keys.json', jsonFile(content)]]);
  return listing(await room.propose([renewal('CN-HA.keys')], now), 'CN-HA.keys', files);
}

const nextKey = (notBefore: Instant, seed = 'epoch 2') =>
  keysJson('CN-HA', [seed]).keys.map((key) => ({
    ...key,
    notBefore: formatInstant(notBefore),
    notAfter: formatInstant(addHours(notBefore, 504)),
  }));

describe('nothing speaks against', () => {
  it.each([...['root', 'targets', 'CN-HA', 'CN-HA.keys'].map((role) => [role] as const)])(
    'a renewal of %s',
    async (role) => {
      expect(await room.faults(await room.propose([renewal(role)]))).toEqual([]);
    },
  );

  it('a role that another publication did not touch', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    await room.hold([renewal('CN-BJ')]);
    expect(await room.faults(event)).toEqual([]);
  });
});

describe('what was wrong before', () => {
  it('is not held against an event that does not touch it', async () => {
    const { registry } = room;
    const broken = await forgeRole(registry, 'targets', ADMINS, ({ raw }) => ({
      delegations: JSON.parse(
        JSON.stringify(raw['delegations']).replace(
          '"threshold":2,"terminating":true,"paths":["regions/CN-BJ/*"',
          '"threshold":9,"terminating":false,"paths":["regions/CN-BJ/*"',
        ),
      ),
    }));
    const published = await openDraft({ read: broken.files, pinnedRoot: registry.pinnedRoot, now: NOW });
    expect(published.base?.view.malformedRegions).toEqual({ 'CN-BJ': 'region-malformed' });
    const event = await proposeEvent(published, [renewal('targets')], { title: 'a renewal', now: NOW });
    const signed = await signEvent(event, published, ADMINS);
    const { files } = await sealEvent(signed, published, ONLINE, NOW);
    expect(files.has('metadata/3.targets.json')).toBe(true);
  });
});

describe('an event is refused', () => {
  it('REQ-CER-008 that changes nothing', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    expect(await room.faults({ ...event, roles: new Map() })).toEqual(['change-empty']);
  });

  it('REQ-REG-021 without a root, where nothing is published', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    await expect(checkEvent(event, undefined, NOW)).rejects.toMatchObject({
      code: 'event-malformed',
      path: 'metadata/1.root.json',
    });
  });

  it('REQ-CER-002 with a key id that is no key’s: it can sign nothing, and counts for nothing', async () => {
    const ghost = '0'.repeat(64);
    const haunted = (threshold: number) => (roles: JsonObject[]) =>
      roles.map((role) =>
        role['name'] === 'CN-HA'
          ? { ...role, threshold, keyids: [...(Array.isArray(role['keyids']) ? role['keyids'] : []), ghost] }
          : role,
      );
    const event = await room.propose([renewal('targets'), renewal('CN-HA')]);
    expect(await room.faults(delegating(event, haunted(4)))).toContain('threshold-unreachable CN-HA');
    const [henan] = await signaturesOf(delegating(event, haunted(2)), await room.published());
    expect(henan?.by[0]?.open.map(({ kid }) => kid)).toEqual(
      room.registry.regions['CN-HA'].admins.map(({ kid }) => kid),
    );
  });

  it('REQ-REG-006 that has expired when it is published, as signing took long', async () => {
    const event = await room.propose([renewal('CN-HA.keys'), renewal('CN-HA')]);
    expect(await room.faults(event, later(13.9))).toEqual([]);
    expect(await room.faults(event, later(14))).toEqual(['metadata-expired CN-HA.keys']);
    expect(await room.faults(event, later(90))).toEqual([
      'metadata-expired CN-HA',
      'metadata-expired CN-HA.keys',
    ]);
  });

  it('REQ-REG-020 when its roles moved on, or a version is not the next one', async () => {
    const event = await room.propose([renewal('CN-HA'), renewal('root')]);
    await room.hold([renewal('CN-HA')], later(1));
    expect(await room.faults(event, later(1))).toEqual(['publication-conflict CN-HA']);
    await room.hold([renewal('root')], later(1));
    expect(await room.faults(event, later(1))).toEqual([
      'publication-conflict root',
      'publication-conflict CN-HA',
    ]);
    const skipped = handMade(await room.propose([renewal('CN-BJ')]), 'CN-BJ', () => ({ version: 3 }));
    expect(await room.faults(skipped)).toEqual(['publication-conflict CN-BJ']);
  });

  it('not at all, when a file that it depends on cannot be looked for: that is a failure, and no fault of the event', async () => {
    const event = handMade(await room.propose([renewal('CN-HA')]), 'CN-HA', () => ({
      version: 3,
      replaces: 1,
    }));
    expect(await room.faults(event)).toEqual(['publication-conflict CN-HA']);
    const failure = new Error('the store is away');
    const published = await room.published();
    const away: typeof published.read = async (path, expected) => {
      if (path === 'metadata/2.CN-HA.json') throw failure;
      return published.read(path, expected);
    };
    await expect(checkEvent(event, { ...published, read: away }, NOW)).rejects.toBe(failure);
  });

  it('REQ-REG-020 when what it passed over was published after all: nothing is lost in silence', async () => {
    const first = await room.sign(await room.propose([renewal('CN-HA')]));
    const publication = await room.seal(first);
    // It breaks off once the role's file is there, and the next one passes over it.
    for (const [path, bytes] of publication.files) {
      if (path === 'metadata/2.CN-HA.json') await room.registry.store.create(path, bytes);
    }
    const second = await room.propose([renewal('CN-HA')], later(1));
    expect(second.roles.get('CN-HA')?.raw).toMatchObject({ version: 3, replaces: 1 });
    expect(await room.faults(second, later(1))).toEqual([]);
    await publish(room.registry.store, publication);
    expect(await room.faults(second, later(1))).toEqual(['publication-conflict CN-HA']);
    const third = await room.hold([renewal('CN-HA')], later(1));
    expect(third.roles.get('CN-HA')?.raw['replaces']).toBeUndefined();
  });

  it('REQ-CER-012 when it is published, also if others came after it', async () => {
    const event = await room.hold([renewal('CN-HA')]);
    expect(await room.faults(event)).toEqual(['event-published']);
    await room.hold([renewal('CN-BJ')]);
    await room.hold([renewal('CN-HA')], later(1));
    expect(await room.faults(event)).toEqual(['event-published']);
    const rootOnly = await room.hold([renewal('root')], later(1));
    await room.hold([renewal('root')], later(2));
    expect(await room.faults(rootOnly)).toEqual(['event-published']);
  });

  it('REQ-CER-012 but for what of it is published already, word for word', async () => {
    const event = await room.propose([renewal('CN-HA'), renewal('CN-BJ')]);
    await room.hold([renewal('CN-HA')]);
    expect(await room.faults(event)).toEqual([]);
    const publication = await room.seal(await room.sign(event));
    expect([...publication.files.keys()]).toEqual(['metadata/2.CN-BJ.json', 'metadata/3.snapshot.json']);
  });

  it('REQ-CER-006 with a role that nobody delegates to', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    const metadata = event.roles.get('CN-HA');
    if (metadata === undefined) throw new TypeError('role');
    const stray = { ...event, roles: new Map([...event.roles, ['CN-XX', metadata]]) };
    expect(await room.faults(stray)).toContain('region-unknown CN-XX');
  });

  it('REQ-CER-004 with a region under a name that was used', async () => {
    await room.hold([{ change: 'remove-region', region: 'CN-BJ' }]);
    const { admins, keys } = delegationTo('CN-BJ', await regionSigners('CN-BJ again'));
    const event = await room.propose([{ change: 'add-region', region: 'CN-GD', admins, keys }]);
    const renamed = delegating(event, (roles) =>
      roles.map((role) => JSON.parse(JSON.stringify(role).replaceAll('CN-GD', 'CN-BJ'))),
    );
    expect(await room.faults(renamed)).toEqual(['region-name-used CN-BJ']);
  });

  it('REQ-DOC-005 with delegations in an order in which clients do not find the files', async () => {
    const event = await room.propose([renewal('targets')]);
    const swapped = delegating(event, ([keys = {}, region = {}, ...rest]) => [region, keys, ...rest]);
    expect(await room.faults(swapped)).toEqual(['delegation-order CN-BJ']);
    const searchedOn = delegating(event, (roles) =>
      roles.map((role) => (role['name'] === 'CN-HA' ? { ...role, terminating: false } : role)),
    );
    expect(await room.faults(searchedOn)).toEqual(['delegation-order CN-HA']);
    const greedy = delegating(event, ([first = {}, ...rest]) => [
      { ...first, paths: ['regions/*/*'] },
      ...rest,
    ]);
    expect(await room.faults(greedy)).toEqual(['delegation-order CN-BJ', 'delegation-order CN-HA']);
  });

  it('REQ-REG-012, REQ-REG-010 with delegations that no client accepts', async () => {
    const event = await room.propose([renewal('CN-HA')]);
    const { admins } = delegationTo('CN-GD', await regionSigners('CN-GD'));
    const foreign = (name: string) =>
      handMade(event, 'CN-HA', () => ({
        delegations: {
          keys: keysObjectOf([admins]),
          roles: [{ name, ...roleKeysOf(admins), terminating: true, paths: [`regions/${name}/*`] }],
        },
      }));
    expect(await room.faults(foreign('CN-GD'))).toContain('role-overreach CN-GD');
    expect(await room.faults(foreign('CN-BJ'))).toContain('role-overreach CN-BJ');
    const twice = delegating(await room.propose([renewal('targets')]), (roles) => [
      ...roles,
      { ...roles[0], name: 'stranger', paths: ['stranger/*'] },
    ]);
    expect(await room.faults(twice)).toEqual(['delegation-order stranger']);
  });

  it('REQ-CER-002, REQ-KEY-011 with a threshold that cannot be reached, or one key under two ids', async () => {
    const event = await room.propose([renewal('targets')]);
    const unreachable = delegating(event, (roles) =>
      roles.map((role) => (role['name'] === 'CN-HA' ? { ...role, threshold: 4 } : role)),
    );
    expect(await room.faults(unreachable)).toEqual(['threshold-unreachable CN-HA']);
    const bare = delegating(event, (roles) =>
      roles.map((role) => (role['name'] === 'CN-HA' ? { ...role, threshold: 3 } : role)),
    );
    expect(await room.faults(bare)).toEqual([]);

    const [key] = Object.values(keysObjectOf([authority([fresh])]));
    const alias = { ...(isJsonObject(key) ? key : {}), note: 'the same key' };
    const keyids = [...roleKeysOf(authority([fresh])).keyids, keyIdOf(alias)];
    const doubled = delegating(
      event,
      (roles) => roles.map((role) => (role['name'] === 'CN-HA' ? { ...role, keyids, threshold: 2 } : role)),
      { ...keysObjectOf([authority([fresh])]), [keyIdOf(alias)]: alias },
    );
    expect(await room.faults(doubled)).toEqual(['key-duplicate CN-HA', 'threshold-unreachable CN-HA']);

    const root = await room.propose([renewal('root')]);
    const raised = handMade(root, 'root', ({ roles }) => {
      const top = isJsonObject(roles) ? roles : {};
      return {
        roles: {
          ...top,
          timestamp: { ...(isJsonObject(top['timestamp']) ? top['timestamp'] : {}), threshold: 2 },
        },
      };
    });
    expect(await room.faults(raised)).toEqual(['threshold-unreachable timestamp']);
  });

  it('REQ-KEY-011 when an admin would hold an online key, or a region one key for two uses', async () => {
    const [admin = fresh] = ADMINS;
    const mixed: Change = {
      change: 'rotate-online',
      snapshot: authority([admin]),
      timestamp: authority(ONLINE.timestamp),
    };
    await expect(room.propose([mixed])).rejects.toMatchObject({ code: 'key-duplicate', path: 'root' });
    const [henan = fresh] = room.registry.regions['CN-HA'].admins;
    for (const change of [
      { change: 'rotate-region', region: 'CN-HA', keys: authority([henan]) },
      { change: 'add-key', region: 'CN-HA', use: 'status', jwk: henan.publicJwk },
      {
        change: 'add-key',
        region: 'CN-HA',
        use: 'venue',
        jwk: room.registry.regions['CN-HA'].keys.publicJwk,
      },
    ] satisfies Change[]) {
      await expect(room.propose([change])).rejects.toMatchObject({ code: 'key-duplicate', path: 'CN-HA' });
    }
    const { kid, alg, publicJwk } = fresh;
    const operator = { kid, alg, jwk: publicJwk, roles: ['reviewer'] };
    const [[path = '', bytes = new Uint8Array()] = []] = regionFiles('CN-HA');
    const file = JSON.parse(new TextDecoder().decode(bytes));
    const words = file.names;
    const employing = (operators: object[]) =>
      new Map([
        [
          path,
          jsonFile({
            ...file,
            authorities: { cdc: { names: words, operators }, police: { names: words, operators } },
          }),
        ],
      ]);
    const admins = authority([fresh, ...room.registry.regions['CN-HA'].admins], 2);
    const both: Change[] = [
      { change: 'put', role: 'CN-HA', files: employing([operator]) },
      { change: 'rotate-region', region: 'CN-HA', admins },
    ];
    await expect(room.propose(both)).rejects.toMatchObject({ code: 'key-duplicate', path: 'CN-HA' });
    // One person in two offices is one person.
    expect(await room.faults(await room.propose(both.slice(0, 1)))).toEqual([]);
  });

  it.each(['regions/CN-BJ/x.json', 'regions/CN-HA/keys.json', 'regions/keys/x.json', 'federation.json'])(
    'REQ-REG-012 with %s in a role that it is not of',
    async (path) => {
      const files = new Map([[path, jsonFile({})]]);
      const event = listing(await room.propose([renewal('CN-HA')]), 'CN-HA', files);
      expect(await room.faults(event)).toEqual([`role-overreach ${path}`]);
    },
  );

  it('REQ-CER-001 without the content of a file that it lists', async () => {
    const event = listing(
      await room.propose([renewal('CN-HA')]),
      'CN-HA',
      new Map([['regions/CN-HA/note.json', jsonFile({ note: 1 })]]),
    );
    expect(await room.faults(event)).toEqual([]);
    expect(await room.faults({ ...event, targets: new Map() })).toEqual([
      'event-malformed regions/CN-HA/note.json',
    ]);
  });

  it.each<[id: string, role: string, code: string, files: ReadonlyMap<string, Bytes>]>([
    ['REQ-RUL-005', 'CN-HA', 'rule-mutated', regionFiles('CN-HA', 'false')],
    [
      'REQ-REG-022',
      'targets',
      'dictionary-mutated',
      new Map([['dictionary.json', jsonFile({ version: 2, names: [] })]]),
    ],
    ['REQ-REG-019', 'CN-HA', 'region-malformed', new Map([['regions/CN-HA/region.json', jsonFile({})]])],
    ['REQ-REG-002', 'targets', 'metadata-malformed', new Map([['federation.json', jsonFile({})]])],
    [
      'REQ-DEC-013',
      'CN-HA',
      'json-malformed',
      new Map([['regions/CN-HA/rules.test.json', new Uint8Array(4)]]),
    ],
  ])('%s with content of %s that is %s', async (_id, role, code, files) => {
    const faults = await room.faults(listing(await room.propose([renewal(role)]), role, files));
    expect(faults[0]?.split(' ')[0]).toBe(code);
  });

  it('REQ-REG-008 that takes out what clients need', async () => {
    for (const [role, path] of [
      ['targets', 'federation.json'],
      ['targets', 'dictionary.json'],
      ['CN-HA', 'regions/CN-HA/region.json'],
    ] as const) {
      const put = { change: 'put', role, files: new Map(), remove: [path] } as const;
      await expect(room.propose([put])).rejects.toMatchObject({ code: 'metadata-missing', path });
    }
  });

  it('REQ-REG-019 with an issuer or a DID that another region has', async () => {
    const { admins, keys } = delegationTo('CN-GD', await regionSigners('CN-GD'));
    const text = new TextDecoder().decode([...regionFiles('CN-HA').values()][0]);
    for (const name of ['issuer', 'did']) {
      const { [name]: taken } = JSON.parse(text);
      const own = JSON.parse(new TextDecoder().decode([...regionFiles('CN-GD').values()][0]));
      const files = new Map([['regions/CN-GD/region.json', jsonFile({ ...own, [name]: taken })]]);
      const change: Change = { change: 'add-region', region: 'CN-GD', admins, keys, files };
      await expect(room.propose([change])).rejects.toMatchObject({
        code: 'region-malformed',
        path: 'regions/CN-GD/region.json',
      });
    }
  });
});

describe('keys.json', () => {
  it('REQ-KEY-012 brings no key without its lead, neither when it is proposed nor when it is published', async () => {
    const on = (notBefore: Instant) => withKeys((keys) => [...keys, ...nextKey(notBefore)]);
    expect(await room.faults(await on(addHours(NOW, 96)))).toEqual([]);
    expect(await room.faults(await on(addHours(NOW, 95)))).toEqual(['key-without-lead CN-HA.keys']);
    expect(await room.faults(await on(addHours(NOW, 96)), later(0.01))).toEqual([
      'key-without-lead CN-HA.keys',
    ]);
    const region = await room.propose([
      { change: 'add-region', ...delegationTo('CN-GD', await regionSigners('CN-GD')) },
      {
        change: 'put',
        role: 'CN-GD.keys',
        files: new Map([['regions/CN-GD/keys.json', jsonFile({ region: 'CN-GD', keys: [] })]]),
      },
    ]);
    const files = new Map([['regions/CN-GD/keys.json', jsonFile(keysJson('CN-GD', ['epoch 1']))]]);
    expect(await room.faults(listing(region, 'CN-GD.keys', files))).toEqual(['key-without-lead CN-GD.keys']);
  });

  it('REQ-CER-003 lets no key go before what it signed has ended, revoked or not', async () => {
    await room.hold([{ change: 'add-key', region: 'CN-HA', use: 'credential', jwk: fresh.publicJwk }]);
    const kept = JSON.parse(
      JSON.stringify((await room.open()).view.regions['CN-HA']?.keys.filter(({ kid }) => kid === fresh.kid)),
      (name, value) => (name.startsWith('not') ? formatInstant(value) : value),
    );
    const gone = (now: Instant) => withKeys(() => kept, {}, now);
    // It ends after 14 days; what it signed may be valid for 31, whatever the schemes say now; and verifiers go by registries of up to ten days.
    expect(await room.faults(await gone(later(54.9)), later(54.9))).toEqual(['key-still-signing CN-HA.keys']);
    expect(await room.faults(await gone(later(55)), later(55))).toEqual([]);
    const event = await room.propose([renewal('CN-HA.keys')]);
    const emptied = handMade(event, 'CN-HA.keys', () => ({ targets: {} }));
    expect(await room.faults(emptied)).toEqual([
      'metadata-missing regions/CN-HA/keys.json',
      'key-still-signing CN-HA.keys',
      'no-key-left CN-HA.keys',
    ]);
  });

  it('REQ-CER-003 lets a key go that was revoked from before it began, though it would sign now: one for venue codes, and no issuing key', async () => {
    const ended = async (use: 'credential' | 'venue', since: Instant) => {
      room = await openRoom();
      const start = addHours(NOW, 97);
      await room.hold([{ change: 'add-key', region: 'CN-HA', use, jwk: fresh.publicJwk }]);
      await room.hold(
        [{ change: 'revoke-key', region: 'CN-HA', kid: fresh.kid, since, reason: 'lost' }],
        addHours(start, 1),
      );
      const now = addHours(start, 2);
      return room.faults(await withKeys((keys) => keys, {}, now), now);
    };
    expect(await ended('venue', NOW)).toEqual([]);
    expect(await ended('venue', addHours(NOW, 97))).toEqual(['key-still-signing CN-HA.keys']);
    expect(await ended('credential', NOW)).toEqual(['key-still-signing CN-HA.keys']);
  });

  it('REQ-CER-005 may say "stopped" while its lists have no key yet: without one it can issue nothing with a status', async () => {
    const coming = nextKey(addHours(NOW, 96)).map((key) => ({ ...key, use: 'status' }));
    const stopped = (keys: KeyEntry[]) => [...keys, ...coming];
    expect(await room.faults(await withKeys(stopped, { issuing: 'stopped' }))).toEqual([]);
    expect(await room.faults(await withKeys((keys) => keys, { issuing: 'stopped' }))).toEqual([
      'region-malformed regions/CN-HA/keys.json issuing',
    ]);
  });

  it.each<[string, object]>([
    ['a list', []],
    ['without keys', { region: 'CN-HA' }],
    ['with keys that are no objects', { region: 'CN-HA', keys: ['one'] }],
  ])('REQ-REG-019 is refused as %s', async (_what, content) => {
    const files = new Map([['regions/CN-HA/keys.json', jsonFile(Object(content))]]);
    const event = listing(await room.propose([renewal('CN-HA.keys')]), 'CN-HA.keys', files);
    expect((await room.faults(event))[0]).toMatch(/^region-malformed regions\/CN-HA\/keys\.json/);
  });

  it('REQ-CER-010 gives no published key other times or another use, and takes no revocation back', async () => {
    for (const change of [
      { notBefore: formatInstant(later(-1)) },
      { notAfter: formatInstant(later(13)) },
      { notAfter: formatInstant(later(15)) },
      { use: 'status' },
    ]) {
      const faults = await room.faults(await withKeys((keys) => keys.map((key) => ({ ...key, ...change }))));
      expect(faults).toContain('key-taken-back CN-HA.keys');
    }
    await room.hold([{ change: 'add-key', region: 'CN-HA', use: 'credential', jwk: fresh.publicJwk }]);
    const [{ kid = '' } = {}] = (await room.open()).view.regions['CN-HA']?.keys ?? [];
    await room.hold([
      { change: 'revoke-key', region: 'CN-HA', kid, since: NOW, reason: 'leaked', leaveNone: true },
    ]);
    const back = await withKeys((keys) => keys);
    expect(await room.faults(back)).toContain('key-taken-back CN-HA.keys');
  });

  it('REQ-CER-005 leaves a use that has a key with one, or says in so many words that it stops', async () => {
    const revoke = (keys: KeyEntry[]) =>
      keys.map((key) => ({ ...key, revoked: { since: formatInstant(NOW), reason: 'leaked' } }));
    expect(await room.faults(await withKeys(revoke))).toEqual(['no-key-left CN-HA.keys']);
    expect(await room.faults(await withKeys(revoke, { issuing: 'stopped' }))).toEqual([]);
    // A key to come is none now.
    const late = await withKeys((keys) => [...revoke(keys), ...nextKey(addHours(NOW, 96))]);
    expect(await room.faults(late)).toEqual(['no-key-left CN-HA.keys']);
  });
});

describe('the federation’s lead', () => {
  const federation = (referAfterHours: number, more: object = {}): Change => {
    const freshness = { ...FEDERATION.freshness, referAfterHours };
    return {
      change: 'put',
      role: 'targets',
      files: new Map([['federation.json', jsonFile({ ...FEDERATION, freshness, ...more })]]),
    };
  };
  const key = (now: Instant, change: Partial<Extract<Change, { change: 'add-key' }>> = {}) =>
    room.propose(
      [{ change: 'add-key', region: 'CN-HA', use: 'credential', jwk: fresh.publicJwk, ...change }],
      now,
    );

  it('REQ-CER-014 is shortened only when new keys keep the old one for as long', async () => {
    await expect(room.propose([federation(48)])).rejects.toMatchObject({ code: 'lead-shortened', bound: 96 });
    const early = federation(48, { leadUntil: formatInstant(addHours(NOW, 95)) });
    await expect(room.propose([early])).rejects.toMatchObject({ code: 'lead-shortened' });
    await room.hold([federation(48, { leadUntil: formatInstant(addHours(NOW, 96)) })]);
    await expect(room.propose([federation(48)])).rejects.toMatchObject({ code: 'lead-shortened' });
    const start = async (now: Instant) => {
      const event = await key(now);
      const [file] = event.targets.values();
      return JSON.parse(new TextDecoder().decode(file)).keys.at(-1).notBefore;
    };
    expect(await start(NOW)).toBe(formatInstant(addHours(NOW, 96)));
    expect(await start(addHours(NOW, 24))).toBe(formatInstant(addHours(NOW, 96)));
    expect(await start(addHours(NOW, 72))).toBe(formatInstant(addHours(NOW, 72 + 49)));
    expect((await room.propose([federation(48)], addHours(NOW, 96))).roles.size).toBe(1);
  });

  it('REQ-KEY-012 is lengthened at once: who does not know a key goes by the older policy', async () => {
    const change: Change = { change: 'add-key', region: 'CN-HA', use: 'credential', jwk: fresh.publicJwk };
    await room.hold([federation(120), change]);
    const start = (await room.open()).view.regions['CN-HA']?.keys.at(-1)?.notBefore;
    expect(start).toBe(addHours(NOW, 121));
    const window = { notBefore: addHours(NOW, 96), notAfter: addHours(NOW, 200) };
    const other: Change = { ...change, region: 'CN-BJ', window };
    await expect(room.propose([other])).rejects.toMatchObject({ code: 'key-without-lead' });
  });
});

describe('all faults', () => {
  it('are told at once', async () => {
    const event = delegating(await room.propose([renewal('targets'), renewal('CN-HA.keys')]), (roles) =>
      roles.map((role) => (role['name'] === 'CN-HA' ? { ...role, threshold: 9 } : role)),
    );
    const faults = await room.faults(event, later(400));
    expect(faults).toEqual([
      'metadata-expired CN-HA.keys',
      'metadata-expired targets',
      'threshold-unreachable CN-HA',
    ]);
    const errors = faults.map((fault) => new SymbolonError('metadata-expired', { path: fault }));
    expect(() => refuse(errors)).toThrow(
      expect.objectContaining({ code: 'metadata-expired', cause: expect.objectContaining({ errors }) }),
    );
    expect(() => refuse(errors.slice(1, 2))).toThrow(errors[1]);
    expect(refuse([])).toBeUndefined();
  });
});

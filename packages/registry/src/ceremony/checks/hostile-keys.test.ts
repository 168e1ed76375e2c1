import { addHours, formatInstant, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { targetFile } from '../../metadata/file-names.ts';
import { forgeRole, forgeTarget } from '../../testing/forge-target.ts';
import {
  ADMINS,
  authority,
  delegationTo,
  keysJson,
  later,
  NOW,
  ONLINE,
  regionFiles,
  regionSigners,
  SNAPSHOT,
  signer,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { openDraft } from '../draft.ts';
import { checkEvent } from '../event/check-event.ts';
import { proposeEvent } from '../event/propose-event.ts';
import { sealEvent } from '../event/seal-event.ts';
import { signEvent } from '../event/sign-event.ts';
import type { SigningEvent } from '../event/signing-event.ts';
import { jsonFile } from '../json-file.ts';
import { memoryStore } from '../memory-store.ts';
import { publish } from '../publish.ts';
import { listing, openRoom, type Room } from '../testing/ceremony-room.ts';

/** What a thief of the online key of `<id>.keys` could sign, with a tool of their own. */

const KEYS = 'regions/CN-HA/keys.json';
const OLD = keysJson('CN-HA', ['epoch 1']).keys;
const fresh = await signer('fresh');

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

function entries(use: string, seeds: readonly string[], notBefore: Instant, notAfter: Instant) {
  const life = { notBefore: formatInstant(notBefore), notAfter: formatInstant(notAfter) };
  return keysJson('CN-HA', seeds).keys.map((key) => ({ ...key, use, ...life }));
}
const seeds = (count: number) => Array.from({ length: count }, (_, i) => `junk ${i}`);

async function withKeys(keys: readonly object[], more: object = {}, now = NOW): Promise<SigningEvent> {
  const content = { region: 'CN-HA', keys, ...more };
  const renewal: Change = { change: 'renew', role: 'CN-HA.keys' };
  return listing(await room.propose([renewal], now), 'CN-HA.keys', new Map([[KEYS, jsonFile(content)]]));
}

async function hold(event: SigningEvent, now = NOW): Promise<void> {
  await publish(room.registry.store, await room.seal(await room.sign(event), now));
}

const revoke = (seed: string): Change => {
  const [{ kid = '' } = {}] = keysJson('CN-HA', [seed]).keys;
  return { change: 'revoke-key', region: 'CN-HA', kid, since: NOW, reason: 'leaked', leaveNone: true };
};

describe('REQ-REG-019 whoever has the key of keys.json cannot fill it for good', () => {
  const START = addHours(NOW, 96);
  const YEARS = (2 * 365 + 31) * 24;

  it('with keys that begin or end too late', async () => {
    const faults = async (use: string, notBefore: Instant, notAfter: Instant) =>
      room.faults(await withKeys([...OLD, ...entries(use, ['junk'], notBefore, notAfter)]));
    const latest = addHours(START, 62 * 24);
    expect(await faults('log', latest, addHours(latest, YEARS))).toEqual([]);
    expect(await faults('log', addHours(latest, 1), addHours(latest, 2))).toEqual([
      `region-malformed ${KEYS} notBefore`,
    ]);
    expect(await faults('log', START, addHours(START, YEARS + 1))).toEqual([
      `region-malformed ${KEYS} notAfter`,
    ]);
    const never = parseInstant('9999-12-31T23:00:00Z');
    expect(await faults('credential', parseInstant('9999-12-01T00:00:00Z'), never)).toEqual([
      `region-malformed ${KEYS} notBefore`,
    ]);
  });

  it('with many keys of one use, or with revoked ones, which would have to stay', async () => {
    const many = (count: number) =>
      withKeys([...OLD, ...entries('log', seeds(count), START, addHours(START, 1))]);
    expect(await room.faults(await many(8))).toEqual([]);
    expect(await room.faults(await many(9))).toEqual([`region-malformed ${KEYS} keys`]);
    const revoked = { since: formatInstant(START), reason: 'leaked' };
    const dead = entries('log', seeds(1), START, addHours(START, 1)).map((key) => ({ ...key, revoked }));
    expect(await room.faults(await withKeys([...OLD, ...dead]))).toEqual([
      `region-malformed ${KEYS} revoked`,
    ]);
  });

  it('REQ-CER-003: a key that was revoked before it began leaves at once, and no other does', async () => {
    await hold(await withKeys([...OLD, ...entries('log', seeds(1), START, addHours(START, 1))]));
    const without = () => withKeys(OLD);
    expect(await room.faults(await without())).toEqual(['key-still-signing CN-HA.keys']);
    await room.hold([{ ...revoke('junk 0'), leaveNone: false } as Change]);
    expect(await room.faults(await without())).toEqual([]);
    expect(await room.faults(await withKeys([], { issuing: 'stopped' }))).toEqual([
      'key-still-signing CN-HA.keys',
    ]);
  });
});

describe('REQ-CER-005 a key of a use that means nothing in keys.json', () => {
  it('may go though it is the last one and runs, and nothing stops with it', async () => {
    await hold(await withKeys([...OLD, ...entries('log', ['old log'], addHours(NOW, 96), later(30))]));
    const since = addHours(NOW, 98);
    await expect(room.propose([revoke('old log')], since)).rejects.toMatchObject({
      code: 'region-malformed',
      path: `${KEYS} issuing`,
    });
    const alone = { ...revoke('old log'), leaveNone: false } as Change;
    const [file] = (await room.propose([alone], since)).targets.values();
    expect(JSON.parse(new TextDecoder().decode(file)).keys.at(-1)).toMatchObject({
      use: 'log',
      revoked: { reason: 'leaked' },
    });
  });
});

describe('REQ-REG-008 what is published counts, though clients cannot use the region', () => {
  it('keys stay what they were when another file of the region is gone', async () => {
    await room.hold([revoke('epoch 1')]);
    const { store, pinnedRoot, regions } = room.registry;
    const files = new Map([...store.files].filter(([path]) => !/CN-HA\/.*\.rules/.test(path)));
    const published = await openDraft({ read: files, pinnedRoot, now: NOW });
    expect(published.base?.view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    const again = entries('credential', ['epoch 1'], later(5), later(20));
    const codes = async (event: SigningEvent) =>
      (await checkEvent(event, published, NOW)).map(({ code }) => code);
    expect(await codes(await withKeys(again))).toEqual(['key-taken-back']);
    expect(await codes(await withKeys([]))).toEqual(['key-still-signing']);
    const signed = await signEvent(await withKeys([]), published, [regions['CN-HA'].keys]);
    await expect(sealEvent(signed, published, ONLINE, NOW)).rejects.toMatchObject({
      code: 'key-still-signing',
    });
  });

  it('a keys.json that is published and not there is missing, and not none', async () => {
    const { store, pinnedRoot } = room.registry;
    const files = new Map([...store.files].filter(([path]) => !/CN-HA\/.*\.keys\.json/.test(path)));
    const event = await withKeys([]);
    for (const broken of [files, memoryStore(files).files]) {
      const published = await openDraft({ read: broken, pinnedRoot, now: NOW });
      const [fault] = await checkEvent(event, published, NOW);
      expect(fault).toMatchObject({ code: 'metadata-missing', path: KEYS });
    }
  });

  it('a keys.json that is listed as longer than any file may be is missing, and is not read', async () => {
    const { registry } = room;
    const store = await forgeRole(registry, 'CN-HA.keys', [registry.regions['CN-HA'].keys], ({ signed }) => {
      const info = signed.targets[KEYS] ?? expect.unreachable();
      return { targets: { [KEYS]: { ...info, length: 512 * 1024 + 1 } } };
    });
    const published = await openDraft({ read: store.files, pinnedRoot: registry.pinnedRoot, now: NOW });
    expect(published.base?.view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    const change: Change = { change: 'add-key', region: 'CN-HA', use: 'status', jwk: fresh.publicJwk };
    await expect(proposeEvent(published, [change], { title: 'a key', now: NOW })).rejects.toMatchObject({
      code: 'metadata-missing',
      path: KEYS,
    });
  });

  it('a file that is not the one that is listed is none', async () => {
    const { store, pinnedRoot } = room.registry;
    const files = new Map([...store.files].filter(([path]) => !/CN-HA\/.*\.rules/.test(path)));
    const info = (await room.published()).roles.get('CN-HA.keys')?.signed.targets[KEYS];
    const path = targetFile(KEYS, info?.hashes.sha256 ?? '');
    expect(files.has(path)).toBe(true);
    files.set(path, jsonFile({ region: 'CN-HA', keys: [] }));
    const published = await openDraft({ read: files, pinnedRoot, now: NOW });
    const [fault] = await checkEvent(await withKeys([]), published, NOW);
    expect(fault).toMatchObject({ code: 'metadata-missing', path: KEYS });
  });
});

describe('REQ-REG-019 what a region has published and nobody can read', () => {
  const [admin] = ADMINS;
  const broken = async (name: string, text = '[]') => {
    const { registry } = room;
    const store = await forgeTarget(registry, name, text);
    const published = await openDraft({ read: store.files, pinnedRoot: registry.pinnedRoot, now: NOW });
    expect(published.base?.view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    return published;
  };
  const options = { title: 'a change', now: NOW };

  it.each(['keys.json', 'region.json'])('%s does not stand in the way of other regions', async (name) => {
    const { admins, keys } = delegationTo('CN-GD', await regionSigners('CN-GD'));
    const add: Change = { change: 'add-region', region: 'CN-GD', admins, keys, files: regionFiles('CN-GD') };
    const change: Change = { change: 'remove-admin', kid: admin?.kid ?? '' };
    const event = await proposeEvent(await broken(name), [add, change], options);
    expect([...event.roles.keys()]).toContain('CN-GD');
  });

  it('keys.json is not gone on with: no key is added to what cannot be read', async () => {
    const change: Change = { change: 'add-key', region: 'CN-HA', use: 'status', jwk: fresh.publicJwk };
    await expect(proposeEvent(await broken('keys.json'), [change], options)).rejects.toMatchObject({
      code: 'region-malformed',
    });
  });

  it('rules were in force nowhere, so others take their place', async () => {
    const published = await broken('rules.health.json');
    const path = 'regions/CN-HA/rules.health.json';
    const files = new Map([...regionFiles('CN-HA', 'false')].filter(([each]) => each === path));
    const event = await proposeEvent(published, [{ change: 'put', role: 'CN-HA', files }], options);
    expect(await checkEvent(event, published, NOW)).toEqual([]);
  });
});

describe('REQ-CER-005 "stopped"', () => {
  it('is not said beside a key that signs, nor kept beside a new one', async () => {
    const early = await withKeys(OLD, { issuing: 'stopped' });
    expect(await room.faults(early)).toEqual([`region-malformed ${KEYS} issuing`]);
    await room.hold([revoke('epoch 1')]);
    const gone = OLD.map((key) => ({ ...key, revoked: { since: formatInstant(NOW), reason: 'leaked' } }));
    expect(await room.faults(await withKeys(gone, { issuing: 'stopped' }))).toEqual([]);
  });

  it('is said when the lists stop, though credentials could go on', async () => {
    const [START, END] = [addHours(NOW, 96), addHours(NOW, 600)];
    const both = [...OLD, ...entries('status', ['list'], START, END)];
    await hold(await withKeys(both));
    const now = addHours(NOW, 100);
    await room.hold([revoke('list')], now);
    expect((await room.open(now)).view.regions['CN-HA']?.keys[1]?.revoked).toBeDefined();
  });
});

describe('REQ-KEY-006 a key that is no point of its curve', () => {
  const bad = (letter: string) =>
    ({ kty: 'EC', crv: 'P-256', x: `${letter.repeat(42)}A`, y: `${'B'.repeat(42)}A` }) as const;
  /** The neutral element of Ed25519: everyone can sign by it. */
  const neutral = { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` } as const;

  it.each([
    ['an admin', 'CN-GD', { keys: [bad('A'), fresh.publicJwk], threshold: 1 }, [fresh]],
    ['the keys role', 'CN-GD.keys', authority(ADMINS.slice(0, 1)), [bad('D')]],
    ['on Ed25519', 'CN-GD', { keys: [neutral, fresh.publicJwk], threshold: 1 }, [fresh]],
  ] as const)('is no key of %s', async (_who, path, admins, keys) => {
    const jwks = keys.map((key) => ('publicJwk' in key ? ADMINS[2]?.publicJwk : key));
    const change = {
      change: 'add-region',
      region: 'CN-GD',
      admins,
      keys: { keys: jwks.flatMap((jwk) => (jwk ? [jwk] : [])), threshold: 1 },
    } satisfies Change;
    await expect(room.propose([change])).rejects.toMatchObject({ code: 'key-malformed', path });
  });

  it('is no online key, no issuing key and no operator', async () => {
    const one = { keys: [bad('A')], threshold: 1 };
    const rotate: Change = { change: 'rotate-online', snapshot: one, timestamp: authority([fresh]) };
    await expect(room.propose([rotate])).rejects.toMatchObject({ code: 'key-malformed', path: 'snapshot' });
    const add: Change = { change: 'add-key', region: 'CN-HA', use: 'credential', jwk: bad('E') };
    await expect(room.propose([add])).rejects.toMatchObject({ code: 'key-malformed', path: KEYS });
  });
});

describe('REQ-KEY-011 a key that signs the registry', () => {
  it('is no issuing key of any region', async () => {
    const [bj = fresh] = room.registry.regions['CN-BJ'].admins;
    for (const { publicJwk: jwk } of [
      ADMINS[0] ?? fresh,
      SNAPSHOT,
      bj,
      room.registry.regions['CN-BJ'].keys,
    ]) {
      const add: Change = { change: 'add-key', region: 'CN-HA', use: 'credential', jwk };
      await expect(room.propose([add])).rejects.toMatchObject({ code: 'key-duplicate', path: 'CN-HA' });
    }
  });

  it('is not made of an issuing key', async () => {
    const [{ jwk } = { jwk: fresh.publicJwk }] = OLD;
    if (jwk.kty !== 'EC') throw new TypeError('P-256');
    const s = await regionSigners('CN-GD');
    const changes: Change[] = [
      { change: 'add-admin', jwk },
      {
        change: 'add-region',
        region: 'CN-GD',
        admins: { keys: [jwk], threshold: 1 },
        keys: authority([s.keys]),
        files: regionFiles('CN-GD'),
      },
    ];
    for (const change of changes) {
      await expect(room.propose([change])).rejects.toMatchObject({ code: 'key-duplicate', path: 'CN-HA' });
    }
  });
});

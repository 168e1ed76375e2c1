import { addHours, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import { forgeRole } from '../../testing/forge-target.ts';
import {
  authority,
  DICTIONARY,
  FEDERATION,
  later,
  NOW,
  ROOT_ROLES,
  regionFiles,
  signer,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { openDraft } from '../draft.ts';
import { checkEvent } from '../event/check-event.ts';
import { proposeEvent } from '../event/propose-event.ts';
import { jsonFile } from '../json-file.ts';
import { publish } from '../publish.ts';
import { delegationsWith } from '../region-delegation.ts';
import { handMade, listing, openRoom, type Room } from '../testing/ceremony-room.ts';

/** Events that would lock a role, a region or the federation for good. */

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
const renewal = (role: string): Change => ({ change: 'renew', role });
const put = (
  role: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  remove: string[] = [],
): Change => ({
  change: 'put',
  role,
  files,
  remove,
});

describe('REQ-REG-020 a version', () => {
  const jump = async (version: number, more: JsonObject = { replaces: 1 }) =>
    handMade(await room.propose([renewal('CN-HA.keys')]), 'CN-HA.keys', () => ({ version, ...more }));

  it('is at most 64 above the one before, or no version would be left', async () => {
    for (const version of [66, 9_999_999_999]) {
      expect(await room.faults(await jump(version))).toEqual(['metadata-malformed CN-HA.keys version']);
    }
  });

  it('passes over nothing but files that are really there', async () => {
    expect(await room.faults(await jump(3))).toEqual(['publication-conflict CN-HA.keys']);
    const [most, more] = [await jump(65), await jump(66)];
    const { store } = room.registry;
    const leave = (version: number) =>
      store.create(`metadata/${version}.CN-HA.keys.json`, jsonFile({ left: version }));
    for (let version = 2; version < 65; version++) await leave(version);
    expect(await room.faults(most)).toEqual([]);
    await leave(65);
    expect(await room.faults(more)).toEqual(['metadata-malformed CN-HA.keys version']);
  });

  it('is the first one in a first publication', async () => {
    const files = new Map([
      ['federation.json', jsonFile(FEDERATION)],
      ['dictionary.json', jsonFile(DICTIONARY)],
    ]);
    const create: Change = { change: 'create', ...ROOT_ROLES, files };
    const event = await proposeEvent(undefined, [create], { title: 'the beginning', now: NOW });
    for (const more of [{ version: 2 }, { version: 1, replaces: 0 }]) {
      const [fault] = await checkEvent(
        handMade(event, 'targets', () => more),
        undefined,
        NOW,
      );
      expect(fault).toMatchObject({ code: 'publication-conflict', path: 'targets' });
    }
  });
});

describe('REQ-RUL-005 a published rule', () => {
  const path = 'regions/CN-HA/rules.health.json';
  const other = new Map([...regionFiles('CN-HA', 'false')].filter(([each]) => each === path));
  // It sets at the beginning of 2028.
  const gone = addHours(NOW, ((Date.UTC(2028, 0, 1) / 1000 - NOW) / 3600 + 31 * 24) | 0);

  it('is not taken out to come back with another text', async () => {
    await expect(room.propose([put('CN-HA', new Map(), [path])])).rejects.toMatchObject({
      code: 'rule-mutated',
      path,
    });
    const [bytes] = other.values();
    const set = JSON.parse(new TextDecoder().decode(bytes));
    const rules = set.rules.map((rule: object) => ({ ...rule, version: 2 }));
    const renamed = new Map([[path, jsonFile({ ...set, rules })]]);
    await expect(room.propose([put('CN-HA', renamed)])).rejects.toMatchObject({ code: 'rule-mutated' });
  });

  it('leaves when it has set, and what was decided by it has ended', async () => {
    const leave = put('CN-HA', new Map(), [path]);
    await expect(room.propose([leave], addHours(gone, -1))).rejects.toMatchObject({ code: 'rule-mutated' });
    expect((await room.propose([leave], gone)).roles.size).toBe(1);
  });

  it('counts of a region that clients cannot use, too', async () => {
    const { store, pinnedRoot } = room.registry;
    const files = new Map([...store.files].filter(([each]) => !/CN-HA\/.*recognition/.test(each)));
    const published = await openDraft({ read: files, pinnedRoot, now: NOW });
    expect(published.base?.view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    const event = listing(await room.propose([renewal('CN-HA')]), 'CN-HA', other);
    const faults = await checkEvent(event, published, NOW);
    expect(faults.map((fault) => [fault.code, fault.path])).toEqual([['rule-mutated', path]]);
  });
});

describe('REQ-CER-014 the lead', () => {
  const federation = (referAfterHours: number, more: object = {}): Change => {
    const freshness = { warnAfterHours: 12, referAfterHours, blockAfterHours: 8784 };
    return put('targets', new Map([['federation.json', jsonFile({ ...FEDERATION, freshness, ...more })]]));
  };
  const until = (hours: number) => ({ leadUntil: formatInstant(addHours(NOW, hours)) });

  it('is at most 31 days, and kept by "leadUntil" for at most twice as long as it is', async () => {
    for (const [change, path] of [
      [federation(745), 'federation.json freshness.referAfterHours'],
      [federation(96, { leadUntil: '2126-09-12T00:00:00Z' }), 'federation.json leadUntil'],
      [federation(48, until(193)), 'federation.json leadUntil'],
    ] as const) {
      await expect(room.propose([change])).rejects.toMatchObject({ code: 'metadata-malformed', path });
    }
    await room.hold([federation(48, until(192))]);
    // What is published already may stay, though it is more than twice the lead of now.
    expect((await room.propose([federation(24, until(192))])).roles.size).toBe(1);
    expect((await room.propose([federation(744)])).roles.size).toBe(1);
  });
});

describe('REQ-REG-006 metadata', () => {
  it.each([
    ['root', 730],
    ['targets', 730],
    ['CN-HA', 180],
    ['CN-HA.keys', 28],
  ])('of %s lives no longer than twice its usual life, %i days', async (role, days) => {
    const until = async (expires: Instant) =>
      room.faults(
        handMade(await room.propose([renewal(role)]), role, () => ({ expires: formatInstant(expires) })),
      );
    expect(await until(later(days))).toEqual([]);
    expect(await until(addHours(later(days), 1))).toEqual([`metadata-malformed ${role} expires`]);
  });
});

describe('REQ-REG-002 signatures', () => {
  it('of the old keys of root and of the new ones fit in one file', async () => {
    const many = await Promise.all(Array.from({ length: 65 }, (_, i) => signer(`m${i}`)));
    const to = (count: number): Change => ({
      change: 'rotate-admins',
      role: 'root',
      to: authority(many.slice(0, count)),
    });
    expect((await room.propose([to(61)])).root?.signed.version).toBe(2);
    await expect(room.propose([to(62)])).rejects.toMatchObject({
      code: 'metadata-malformed',
      path: 'root signatures',
      bound: 64,
    });
  });
});

describe('REQ-REG-010 roles below a region', () => {
  it('are at most 512, whoever below it delegates them', async () => {
    const [admin, keys] = await Promise.all([signer('sub'), signer('sub keys')]);
    const to = { admins: authority([admin]), keys: authority([keys]) };
    const delegating = async (count: number) => {
      const added = Array.from({ length: count }, (_, i) => ({ region: `CN-HA.a${i}`, ...to }));
      const delegations = delegationsWith({}, added, []);
      return handMade(await room.propose([renewal('CN-HA')]), 'CN-HA', () => ({ delegations }));
    };
    expect(await room.faults(await delegating(256))).toEqual([]);
    expect(await room.faults(await delegating(257))).toEqual(['delegation-bounds CN-HA']);
    await publish(room.registry.store, await room.seal(await room.sign(await delegating(256))));
    const below = delegationsWith({}, [{ region: 'CN-HA.a0.x', ...to }], []);
    const event = await room.propose([
      put('CN-HA.a0', new Map([['regions/CN-HA.a0/region.json', subRegion('CN-HA.a0')]])),
    ]);
    const deeper = handMade(event, 'CN-HA.a0', () => ({ delegations: below }));
    expect(await room.faults(deeper)).toEqual(['delegation-bounds CN-HA']);
  });

  it('that are too many already are not held against an event', async () => {
    const [admin, keys] = await Promise.all([signer('sub'), signer('sub keys')]);
    const { registry } = room;
    const added = Array.from({ length: 300 }, (_, i) => ({
      region: `CN-HA.a${i}`,
      admins: authority([admin]),
      keys: authority([keys]),
    }));
    const { files } = await forgeRole(registry, 'CN-HA', registry.regions['CN-HA'].admins, () => ({
      delegations: delegationsWith({}, added, []),
    }));
    const published = await openDraft({ read: files, pinnedRoot: registry.pinnedRoot, now: NOW });
    expect(published.roles.get('CN-HA')?.signed.delegations?.roles).toHaveLength(600);
    const event = await proposeEvent(published, [renewal('CN-HA')], { title: 'a renewal', now: NOW });
    expect(event.roles.size).toBe(1);
  });

  function subRegion(region: string) {
    const [bytes] = regionFiles('CN-HA').values();
    const file = JSON.parse(new TextDecoder().decode(bytes));
    const host = `${region.toLowerCase()}.example`;
    return jsonFile({ ...file, region, issuer: `https://${host}`, did: `did:web:${host}` });
  }
});

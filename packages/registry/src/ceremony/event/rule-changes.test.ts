import type { Bytes } from '@symbolon/protocol/bytes';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  DICTIONARY,
  delegationTo,
  FEDERATION,
  NOW,
  ROOT_ROLES,
  regionFiles,
  regionSigners,
  SCHEME,
} from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { jsonFile } from '../json-file.ts';
import { listing, openRoom, type Room } from '../testing/ceremony-room.ts';
import { proposeEvent } from './propose-event.ts';
import { ruleChangesOf } from './rule-changes.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const FILE = 'regions/CN-HA/rules.health.json';
const put = (role: string, path: string, file: Bytes): Change => ({
  change: 'put',
  role,
  files: new Map([[path, file]]),
});
const published = () => room.published(NOW);

/** The published rule, and another one. */
function rules(): Bytes {
  const text = JSON.parse(new TextDecoder().decode(regionFiles('CN-HA').get(FILE)));
  const [clear] = text.rules;
  return jsonFile({ ...text, rules: [{ ...clear, id: 'first' }, clear] });
}

describe('the rule sets that an event is about', () => {
  it('those that it publishes, with what is published, the policy in force, and the offices of the region', async () => {
    const policy = jsonFile({ ...FEDERATION, ruleLeadHours: 7 });
    await room.hold([put('targets', 'federation.json', policy)]);
    const shorter = put('targets', 'federation.json', jsonFile({ ...FEDERATION, ruleLeadHours: 0 }));
    const event = await room.propose([put('CN-HA', FILE, rules()), shorter]);
    const [change, ...others] = await ruleChangesOf(event, await published());
    expect(others).toEqual([]);
    // REQ-RUL-010: an event does not shorten the lead that it is held to.
    expect(change).toMatchObject({ path: FILE, isFirst: false, leadHours: 7, authorities: ['cdc'] });
    expect(change?.before?.rules.map(({ id }) => id)).toEqual(['clear']);
    expect(change?.after.rules.map(({ id }) => id)).toEqual(['first', 'clear']);
  });

  it('every region’s, when their scheme changes', async () => {
    const event = await room.propose([
      put('targets', 'schemes/health.json', jsonFile({ ...SCHEME, bearer: false })),
    ]);
    const changes = await ruleChangesOf(event, await published());
    expect(changes.map(({ path, scheme, before, after }) => [path, scheme.bearer, before === after])).toEqual(
      [
        ['regions/CN-BJ/rules.health.json', false, false],
        ['regions/CN-HA/rules.health.json', false, false],
      ],
    );
    expect(changes.every(({ before, after }) => JSON.stringify(before) === JSON.stringify(after))).toBe(true);
  });

  it('those of a first publication, with the lead that it brings along, or the usual one where its policy cannot be read', async () => {
    const { admins, keys } = await regionSigners('CN-GD');
    const create: Change = {
      change: 'create',
      ...ROOT_ROLES,
      files: new Map([
        ['federation.json', jsonFile({ ...FEDERATION, ruleLeadHours: 7 })],
        ['dictionary.json', jsonFile(DICTIONARY)],
        ['schemes/health.json', jsonFile(SCHEME)],
      ]),
    };
    const add: Change = { change: 'add-region', ...delegationTo('CN-GD', { admins, keys }) };
    const changes = [create, { ...add, files: regionFiles('CN-GD') }];
    const event = await proposeEvent(undefined, changes, { title: 'the beginning', now: NOW });
    const path = 'regions/CN-GD/rules.health.json';
    const found = { path, isFirst: true, before: undefined, leadHours: 7, authorities: ['cdc'] };
    expect(await ruleChangesOf(event, undefined)).toMatchObject([found]);
    const unread = listing(event, 'targets', new Map([['federation.json', jsonFile({})]]));
    expect(await ruleChangesOf(unread, undefined)).toMatchObject([{ ...found, leadHours: 24 }]);
  });

  it('none that cannot be read, of itself or by its scheme or region: `checkEvent` tells of those', async () => {
    const renewal = await room.propose([{ change: 'renew', role: 'CN-HA' }]);
    const targets = await room.propose([{ change: 'renew', role: 'targets' }]);
    const region = 'regions/CN-HA/region.json';
    for (const event of [
      listing(renewal, 'CN-HA', new Map([[FILE, jsonFile({})]])),
      listing(
        renewal,
        'CN-HA',
        new Map([
          [FILE, rules()],
          [region, jsonFile({})],
        ]),
      ),
      listing(targets, 'targets', new Map([['schemes/health.json', jsonFile({})]])),
    ]) {
      expect(await ruleChangesOf(event, await published())).toEqual([]);
      expect(await room.faults(event)).not.toEqual([]);
    }
    // Nor of an event that can be laid over nothing.
    expect(await ruleChangesOf(renewal, undefined)).toEqual([]);
  });

  it('none, when it is about something else, or is published', async () => {
    const renewal = await room.propose([{ change: 'renew', role: 'CN-HA' }]);
    expect(await ruleChangesOf(renewal, await published())).toEqual([]);
    const event = await room.hold([put('CN-HA', FILE, rules())]);
    expect(await ruleChangesOf(event, await published())).toEqual([]);
  });
});

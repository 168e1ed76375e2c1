import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeList, SCHEME_WITH_PLACES } from '../../testing/places.ts';
import { NOW, SCHEME } from '../../testing/small-registry.ts';
import type { Change } from '../changes/change.ts';
import { jsonFile } from '../json-file.ts';
import { listing, openRoom, type Room } from '../testing/ceremony-room.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});

const FILE = 'regions/CN-HA/places.health.json';
const put = (role: string, path: string, json: object): Change => ({
  change: 'put',
  role,
  files: new Map<string, Bytes>([[path, jsonFile(json)]]),
});
const scheme = (json: object = SCHEME_WITH_PLACES) => put('targets', 'schemes/health.json', json);
const places = (json: object = placeList()) => put('CN-HA', FILE, json);

describe('a list of places in a ceremony', () => {
  it('is published by its region, and the diff names it and what it says', async () => {
    await room.hold([scheme()]);
    const event = await room.hold([places()]);
    expect([...event.roles.keys()]).toEqual(['CN-HA']);
    expect(event.diff).toContain(FILE);
    expect(event.diff).toContain('market');
    expect((await room.open()).view.regions['CN-HA']?.placeLists['health']?.entries).toHaveLength(1);
  });

  it('goes with its scheme in one event', async () => {
    await room.hold([scheme(), places()]);
    expect((await room.open()).view.regions['CN-HA']?.placeLists['health']).toBeDefined();
  });

  it.each<[string, object, string]>([
    [
      'a type that the scheme does not have',
      placeList({ ...entry(), type: 'flood' }),
      `${FILE} entries.0.type`,
    ],
    [
      'a value that is not listed',
      placeList({ ...entry(), fields: { risk: 'none', since: NOW } }),
      `${FILE} entries.0.fields.risk`,
    ],
    ['another region', { ...placeList(), region: 'CN-BJ' }, 'region'],
  ])('REQ-ISS-007 is refused with %s, by its place', async (_, list, path) => {
    await room.hold([scheme()]);
    await expect(room.propose([places(list)])).rejects.toMatchObject({
      code: 'region-malformed',
      path: expect.stringContaining(path),
    });
  });

  it('REQ-REG-019 that has not even the form of one is refused, once', async () => {
    await room.hold([scheme()]);
    const event = await room.propose([{ change: 'renew', role: 'CN-HA' }]);
    for (const content of [jsonFile({}), utf8('not JSON')]) {
      const faults = await room.faults(listing(event, 'CN-HA', new Map([[FILE, content]])));
      expect(faults).toEqual([expect.stringContaining(FILE)]);
    }
  });

  it('REQ-REG-019 a scheme is not changed so that a published list says nothing any more', async () => {
    await room.hold([scheme(), places()]);
    await expect(room.propose([scheme(SCHEME)])).rejects.toMatchObject({
      code: 'region-malformed',
      path: `${FILE} entries.0.type`,
    });
  });
});

function entry(): object {
  return placeList().entries[0] ?? expect.unreachable();
}

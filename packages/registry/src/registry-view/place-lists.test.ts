import { formatInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { jsonFile } from '../ceremony/json-file.ts';
import { updateRole } from '../ceremony/update-role.ts';
import { forgeTarget } from '../testing/forge-target.ts';
import { placeList, SCHEME_WITH_PLACES } from '../testing/places.ts';
import {
  ADMINS,
  createSmallRegistry,
  NOW,
  republish,
  type SmallRegistry,
} from '../testing/small-registry.ts';
import { openRegistry } from './open-registry.ts';

const open = ({ store, pinnedRoot }: SmallRegistry) =>
  openRegistry({ read: store.files, pinnedRoot, now: NOW, expiry: 'online' });

/** Signed by the region itself, past the ceremony's checks of the whole event. */
async function withPlaces(json: object, name = 'places.health.json'): Promise<SmallRegistry> {
  const registry = await createSmallRegistry();
  await republish(registry, NOW, async (draft) => {
    const scheme = new Map([['schemes/health.json', jsonFile(SCHEME_WITH_PLACES)]]);
    const next = await updateRole(draft, { role: 'targets', put: scheme }, ADMINS, NOW);
    const put = new Map([[`regions/CN-HA/${name}`, jsonFile(json)]]);
    return updateRole(next, { role: 'CN-HA', put }, registry.regions['CN-HA'].admins, NOW);
  });
  return registry;
}

describe('lists of places', () => {
  it('are read by scheme; a region without any is as before', async () => {
    const { view } = await open(await withPlaces(placeList()));
    const [entry] = view.regions['CN-HA']?.placeLists['health']?.entries ?? [];
    expect(entry).toEqual({
      type: 'riskArea',
      place: 'market',
      at: NOW,
      fields: { risk: 'high', since: NOW },
    });
    expect(view.regions['CN-BJ']?.placeLists).toEqual({});
    expect(view.malformedRegions).toEqual({});
  });

  it('of a scheme that the federation does not have say nothing', async () => {
    const list = { ...placeList(), scheme: 'freight' };
    const { view } = await open(await withPlaces(list, 'places.freight.json'));
    expect(view.regions['CN-HA']?.placeLists).toEqual({});
  });

  const [sound] = placeList().entries;
  it.each<[string, object]>([
    ['of another region', { ...placeList(), region: 'CN-BJ' }],
    ['of another scheme', { ...placeList(), scheme: 'travel' }],
    ['that is none', { ...placeList(), entries: 'none' }],
    ['with a fact type that the scheme does not have', placeList({ ...sound, type: 'flood' })],
    ['with a fact type that is not about places', placeList({ ...sound, type: 'contact', fields: {} })],
    ['with a value that is not listed', placeList({ ...sound, fields: { risk: 'none', since: NOW } })],
    ['with a field of another type', placeList({ ...sound, fields: { risk: 'high', since: 'today' } })],
    ['without a field', placeList({ ...sound, fields: { risk: 'high' } })],
    [
      'with a field that is not declared',
      placeList({ ...sound, fields: { risk: 'high', since: NOW, name: 'x' } }),
    ],
    [
      'that says the place twice',
      placeList({ ...sound, fields: { risk: 'high', since: NOW, place: 'harbour' } }),
    ],
    ['with a time that is none', placeList({ ...sound, at: formatInstant(NOW).slice(0, 10) })],
  ])('REQ-REG-019, REQ-ISS-007 a list %s makes its region unusable, and no other', async (_, list) => {
    const { view } = await open(await forged(list));
    expect(view.malformedRegions).toEqual({ 'CN-HA': 'region-malformed' });
    expect(view.regions['CN-BJ']).toBeDefined();
  });
});

async function forged(list: object): Promise<SmallRegistry> {
  const registry = await withPlaces(placeList());
  const store = await forgeTarget(registry, 'places.health.json', JSON.stringify(list));
  return { ...registry, store };
}

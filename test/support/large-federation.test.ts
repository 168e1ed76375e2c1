import { addHours } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { planEpochs, signingOrder } from '@symbolon/registry/epochs';
import { openBundle } from '@symbolon/registry/open-bundle';
import { expect, it } from 'vitest';
import { rawRegistry } from '../bench/workload/raw-registry.ts';
import { FIXTURE_NOW } from './federation-fixture.ts';
import { buildLargeFederation, EPOCHS } from './large-federation.ts';
import { namedRegions } from './large-federation-regions.ts';

const NOW = FIXTURE_NOW;
const federation = await buildLargeFederation({ provinces: 4, cities: 10 });
const { pinnedRoot, store, regions } = federation;

async function opened(chosen?: readonly string[]) {
  const files = await collectBundle({ read: store.files, ...(chosen !== undefined && { regions: chosen }) });
  const { view } = await openBundle({ bundle: await writeBundle(files), pinnedRoot, now: NOW });
  return { files, view };
}

it('names 34 real provinces and 300 cities, each once', () => {
  const all = namedRegions(34, 300);
  expect(new Set(all.map(({ id }) => id)).size).toBe(334);
  expect(all.filter(({ parent }) => parent === undefined)).toHaveLength(34);
  for (const { id, parent } of all) if (parent !== undefined) expect(id.startsWith(`${parent}.`)).toBe(true);
});

it('all regions are usable, and have the keys that the plan of their epochs would have left', async () => {
  const { view } = await opened();
  expect(view.malformedRegions).toEqual({});
  expect(Object.keys(view.regions).sort()).toEqual([...regions.keys()].sort());
  for (const [id, { keys }] of Object.entries(view.regions)) {
    for (const use of ['credential', 'status'] as const) {
      expect(keys.filter((key) => key.use === use)).toHaveLength(3);
      expect(planEpochs(keys, use, NOW, EPOCHS)).toEqual({ make: undefined, retire: [] });
      // One signs, and one more is in reserve for it.
      expect(signingOrder(keys, use, NOW).length).toBeGreaterThanOrEqual(2);
      expect(signingOrder(keys, use, addHours(NOW, EPOCHS.leadHours)).length).toBeGreaterThanOrEqual(2);
    }
    expect(view.regions[id]?.ruleSets).toMatchObject({ health: { region: id }, test: { region: id } });
    expect(view.regions[id]?.recognition).toMatchObject({ region: id });
  }
});

it('a bundle of a chosen city holds that city and its province', async () => {
  const whole = await opened();
  const { files, view } = await opened(['CN-AH.anbei']);
  expect(Object.keys(view.regions).sort()).toEqual(['CN-AH', 'CN-AH.anbei']);
  expect(view.regions['CN-AH.anbei']).toEqual(whole.view.regions['CN-AH.anbei']);
  expect(Object.keys(view.malformedRegions)).toHaveLength(regions.size - 2);
  expect([...files.keys()].filter((path) => /CN-(?!AH)/.test(path))).toEqual([]);
});

it('the floor of the benchmark is two signatures and a key of each region, and those above', () => {
  const raw = rawRegistry(store.files);
  // Root and targets by two of the same three admins, timestamp, snapshot.
  expect(raw.signatures).toBe(3 * regions.size + 2 + 2 + 1 + 1);
  expect(raw.keys).toBe(3 * regions.size + 2 + 1 + 1);
  expect(raw.verifyAll()).toBe(true);
});

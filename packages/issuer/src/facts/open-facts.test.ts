import { addHours } from '@symbolon/protocol/instant';
import type { PlaceList } from '@symbolon/protocol/schemas/region';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW } from '../testing/sample-publication.ts';
import { enrolled, levelsOf, report, type SampleRegion, sampleRegion } from '../testing/sample-region.ts';
import { openFacts } from './open-facts.ts';

let region: SampleRegion;
let ann: string;

const entry = (place: string, risk: string, hoursAgo = 1): PlaceList['entries'][number] => ({
  type: 'riskArea',
  place,
  at: addHours(NOW, -hoursAgo),
  fields: { risk },
});
const withPlaces = (...entries: PlaceList['entries']): SampleRegion => ({
  ...region,
  publication: {
    ...region.publication,
    placeLists: { health: { region: 'CN-BJ', scheme: 'health', entries } },
  },
});
const visit = (id: string, place: string) => ({
  id,
  subject: ann,
  type: 'visit',
  at: addHours(NOW, -2),
  fields: { place },
});
const opened = ({ ports, publication, scheme }: SampleRegion, now = NOW) =>
  openFacts(ports, publication, scheme, ann, now);

beforeEach(async () => {
  region = await sampleRegion();
  ann = await enrolled(region, 'P0001');
});

describe('facts about places', () => {
  it('join the facts of whoever was there, once, and of nobody else', async () => {
    const places = withPlaces(entry('110105', 'high'), entry('110105', 'low'), entry('440300', 'high'));
    const visits = [visit('v1', '110105'), visit('v2', '110105'), visit('v3', '310000')];
    await report(places, places.sources.tracing, 'b1', visits);
    const facts = await opened(places);
    expect(facts.filter(({ type }) => type === 'riskArea')).toEqual([
      { type: 'riskArea', at: addHours(NOW, -1), fields: { place: '110105', risk: 'high' } },
      { type: 'riskArea', at: addHours(NOW, -1), fields: { place: '110105', risk: 'low' } },
    ]);
    expect(facts).toHaveLength(5);
    expect(await levelsOf(places, ann)).toEqual(['amber']);
    // Without the list nobody is in a place of risk.
    expect(await opened(region)).toHaveLength(3);
  });

  it('count as the list of today says, and as long as their type does', async () => {
    await report(region, region.sources.tracing, 'b1', [visit('v1', '110105')]);
    expect(await levelsOf(region, ann)).toEqual([]);
    expect(await opened(withPlaces(entry('110105', 'high')))).toHaveLength(2);
    expect(await opened(withPlaces(entry('110105', 'high', 240)))).toHaveLength(1);
    expect(await opened(withPlaces(entry('110105', 'high', -1)))).toHaveLength(1);
    expect(await opened(withPlaces(entry('110105', 'high')), addHours(NOW, 238))).toEqual([]);
  });

  it('what was taken back joins nothing', async () => {
    const places = withPlaces(entry('110105', 'high'));
    await report(places, places.sources.tracing, 'b1', [visit('v1', '110105')]);
    await report(places, places.sources.tracing, 'b2', [], [{ id: 'v1', subject: ann }]);
    expect(await opened(places)).toEqual([]);
  });

  it('REQ-ISS-007 an entry that is not as its type declares is told by its place in the list', async () => {
    await report(region, region.sources.tracing, 'b1', [visit('v1', '110105')]);
    const good = entry('440300', 'high');
    const malformed = (path: string) => ({ code: 'fact-malformed', path });
    const wrong = withPlaces(good, entry('110105', 'unheard of'));
    await expect(opened(wrong)).rejects.toMatchObject(malformed('places.1'));
    const personal = withPlaces(good, good, { ...entry('110105', 'high'), type: 'visit' });
    await expect(opened(personal)).rejects.toMatchObject(malformed('places.2.type'));
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, type Started, together } from './issuer-adapters.ts';

const HOUR = 500_000;

describe.each(ADAPTERS)("the issuer's counts and jobs in %s", (_, start) => {
  let started: Started;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.stop());
  const stores = () => started.stores;

  it('REQ-ISS-031 of 50 additions at once every one counts, and each sees its own', async () => {
    const { tallies } = stores();
    const answers = await together(50, (i) => tallies.add('burst', HOUR, i % 2 === 0 ? 1 : 3));
    expect((await tallies.read('burst')).get(HOUR)).toBe(100);
    const seen = answers.map((counts) => counts.get(HOUR) ?? 0);
    expect(new Set(seen).size).toBe(50);
    expect(Math.max(...seen)).toBe(100);
  });

  it('counts are kept by key and hour, those of a week at least', async () => {
    const { tallies } = stores();
    expect((await tallies.read('none')).size).toBe(0);
    for (let hour = HOUR - 167; hour <= HOUR; hour++) await tallies.add('week', hour, 2);
    const counts = await tallies.add('week', HOUR, 0);
    expect(counts).toEqual(new Map(Array.from({ length: 168 }, (_each, i) => [HOUR - 167 + i, 2])));
    expect(await tallies.read('week')).toEqual(counts);
    expect((await tallies.read('week:other')).size).toBe(0);
    // A writer whose clock is behind changes its own hour only.
    const late = await tallies.add('week', HOUR - 3, 5);
    expect([late.get(HOUR - 3), late.get(HOUR)]).toEqual([7, 2]);
  });

  it('a job moves by one version at a time: of 50 writers at once one stores it', async () => {
    const { jobs } = stores();
    expect(await jobs.read('job')).toBeUndefined();
    for (const version of [1, 2, 3]) {
      const stored = await together(50, (i) => jobs.write('job', { version, state: `{"by":${i}}` }));
      expect(stored.filter(Boolean)).toHaveLength(1);
      expect(await jobs.read('job')).toEqual({ version, state: `{"by":${stored.indexOf(true)}}` });
    }
    expect(await jobs.write('job', { version: 5, state: '{}' })).toBe(false);
    expect(await jobs.write('other', { version: 2, state: '{}' })).toBe(false);
    expect(await jobs.read('other')).toBeUndefined();
  });
});

import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { losingAnswerOf } from '../testing/lost-answer.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW } from '../testing/sample-publication.ts';
import { watchedPorts } from '../testing/watched-ports.ts';
import type { BurstRecord } from './burst-record.ts';
import { lapseBursts } from './lapse.ts';

const BURST: BurstRecord = {
  id: 'health/rule:positive@1/1',
  scheme: 'health',
  cause: 'rule:positive@1',
  heldAt: NOW,
  lapsesAt: addHours(NOW, 24),
  state: 'held',
};
const LATER = addHours(NOW, 24);

let stores: MemoryStores;
beforeEach(async () => {
  stores = memoryStores();
  await stores.bursts.begin(BURST);
});

/** Another one settles the burst just before. */
const overtaken = (settled: BurstRecord) =>
  watchedPorts(stores, async (name, _, call) => {
    if (name === 'bursts.move') await stores.bursts.move(settled, 'held');
    return call();
  });

describe('a burst that lapses', () => {
  it('is told though the answer to its write was lost, once', async () => {
    const told = [{ ...BURST, state: 'lapsed', settledAt: LATER }];
    expect(await lapseBursts(losingAnswerOf(stores, 'bursts.move'), LATER)).toEqual(told);
    expect(await lapseBursts(stores, LATER)).toEqual([]);
  });

  it('is not told by a run that was overtaken: by another one, or by a release', async () => {
    expect(
      await lapseBursts(overtaken({ ...BURST, state: 'lapsed', settledAt: addSeconds(LATER, 1) }), LATER),
    ).toEqual([]);
    stores = memoryStores();
    await stores.bursts.begin(BURST);
    expect(await lapseBursts(overtaken({ ...BURST, state: 'released', settledAt: LATER }), LATER)).toEqual(
      [],
    );
  });
});

import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { settleWitnessed } from './settle-witnessed.ts';

let sample: SamplePublication;
let stores: MemoryStores;
beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
});

/** Worse decisions of so many people, in the log at 0, 1, ... */
async function decided(...subjects: readonly string[]): Promise<void> {
  for (const [index, subject] of subjects.entries()) {
    await stores.subjects.putProfile({ subject, version: 1, kind: 'person', absorbing: [], guardians: [] });
    const decision: Decision = {
      subject,
      scheme: 'health',
      sequence: 1,
      level: 'red',
      rule: 'positive@1',
      authority: 'cdc',
      evidence: 'laboratory',
      mode: 'automatic',
      decidedAt: addSeconds(NOW, index),
    };
    await stores.decisions.append(decision);
    await stores.decisions.markLogged(decision, { origin: 'o', index, salt: 'A'.repeat(43) }, true);
  }
}
const people = (count: number, name = 'p') => Array.from({ length: count }, (_, i) => `${name}${i}`);
const settle = (bounds: Partial<Parameters<typeof settleWitnessed>[2]>, ports = stores) =>
  settleWitnessed(
    { ...ports, decisionLog: { isEffective: async () => true } },
    sample.publication,
    { limit: 1000, witnessed: 1000, ...bounds },
    NOW,
  );
const waiting = async () => (await stores.decisions.unwitnessed(1000)).map(({ subject }) => subject);

describe('REQ-ISS-037 settling after a round', () => {
  it('what is beyond the witnessed tree goes on waiting', async () => {
    await decided('a', 'b', 'c');
    expect(await settle({ witnessed: 2 })).toEqual({ settled: 2, isDone: true, failure: undefined });
    expect(await waiting()).toEqual(['c']);
  });

  it('begins nobody when its time is over, and goes on where it ended', async () => {
    await decided(...people(100));
    let calls = 0;
    const first = await settle({ isOver: () => ++calls > 40 });
    expect(first).toEqual({ settled: 40, isDone: false, failure: undefined });
    expect(await settle({})).toEqual({ settled: 60, isDone: true, failure: undefined });
  });

  it('people who cannot be settled keep nobody else waiting, though they come first, and are more than one call looks at', async () => {
    await decided(...people(40, 'bad'), ...people(30));
    const failing: MemoryStores = {
      ...stores,
      mints: {
        ...stores.mints,
        living: async (subject, scheme, now) => {
          if (subject.startsWith('bad')) throw new SymbolonError('storage-failed');
          return stores.mints.living(subject, scheme, now);
        },
      },
    };
    const failed = new Set<string>();
    const told: unknown[] = [];
    for (let round = 0; round < 12; round++)
      told.push((await settle({ limit: 20, failed }, failing)).failure);
    expect(told[0]).toMatchObject({ code: 'storage-failed' });
    expect((await waiting()).toSorted()).toEqual(people(40, 'bad').toSorted());
    // The next run tries them again.
    expect(await settle({})).toMatchObject({ settled: 40 });
  });
});

import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { redDecision } from '../testing/sample-decision.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import type { PassedOver } from './passed-over.ts';
import { settleWitnessed } from './settle-witnessed.ts';

let sample: SamplePublication;
let stores: MemoryStores;
beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
});

/** Worse decisions of so many people, in the log at 0, 1, ... */
const decided = (...subjects: readonly string[]) => decidedIn('o', ...subjects);
async function decidedIn(origin: string, ...subjects: readonly string[]): Promise<void> {
  for (const [index, subject] of subjects.entries()) await decidedAt(subject, { origin, index });
}
async function decidedAt(
  subject: string,
  { origin, index }: { readonly origin: string; readonly index: number },
): Promise<void> {
  await stores.subjects.putProfile({ subject, version: 1, kind: 'person', absorbing: [], guardians: [] });
  const decision = redDecision(subject, { decidedAt: addSeconds(NOW, index) });
  await stores.decisions.append(decision);
  await stores.decisions.markLogged(decision, { origin, index, salt: 'A'.repeat(43) }, true);
}
const people = (count: number, name = 'p') => Array.from({ length: count }, (_, i) => `${name}${i}`);
const settle = (bounds: Partial<Parameters<typeof settleWitnessed>[2]>, ports = stores) =>
  settleWitnessed(
    { ...ports, decisionLog: { isEffective: async () => true } },
    sample.publication,
    { limit: 1000, origin: 'o', witnessed: 1000, ...bounds },
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
    const passedOver: PassedOver = new Map();
    const told: unknown[] = [];
    for (let round = 0; round < 12; round++)
      told.push((await settle({ limit: 20, passedOver }, failing)).failure);
    expect(told[0]).toMatchObject({ code: 'storage-failed' });
    expect((await waiting()).toSorted()).toEqual(people(40, 'bad').toSorted());
    // The next run tries them again.
    expect(await settle({})).toMatchObject({ settled: 40 });
  });

  it('one that cannot be read is tried once, and keeps nobody else waiting either', async () => {
    await decided(...people(40, 'bad'), ...people(30));
    const asked: string[] = [];
    const failing: MemoryStores = {
      ...stores,
      decisions: {
        ...stores.decisions,
        find: async (ref) => {
          asked.push(ref.subject);
          if (ref.subject.startsWith('bad')) throw new SymbolonError('storage-failed');
          return stores.decisions.find(ref);
        },
      },
    };
    const passedOver: PassedOver = new Map();
    for (let round = 0; round < 12; round++) await settle({ limit: 20, passedOver }, failing);
    expect((await waiting()).toSorted()).toEqual(people(40, 'bad').toSorted());
    expect(asked.filter((each) => each.startsWith('bad'))).toHaveLength(40);
  });

  it('one that waits in another log is passed over, wherever its place there is', async () => {
    await decidedIn('left', ...people(40, 'left'));
    await decided(...people(10));
    const passedOver: PassedOver = new Map();
    const settled = [];
    for (let round = 0; round < 2; round++) settled.push((await settle({ limit: 20, passedOver })).settled);
    expect(settled).toEqual([10, 0]);
    expect(await waiting()).toEqual(people(40, 'left'));
  });

  it('however many wait in another log, those of this one have their turn in the first round', async () => {
    await decidedIn('left', ...people(5200, 'left'));
    await decided(...people(5));
    expect(await settle({ limit: 1024 })).toEqual({ settled: 5, isDone: true, failure: undefined });
  });

  it('in a short time a round looks at some, and the next ones go on behind them', async () => {
    await decidedIn('left', ...people(5200, 'left'));
    await decided(...people(5));
    const passedOver: PassedOver = new Map();
    const settled = [];
    for (let round = 0; round < 6; round++) {
      let calls = 0;
      const told = await settle({ limit: 1024, passedOver, isOver: () => ++calls > 1000 });
      settled.push(told.settled);
    }
    expect(settled).toEqual([0, 0, 0, 0, 0, 5]);
  });

  it('what is beyond the witnessed tree is not read again before witnesses have seen it, and hides nothing', async () => {
    await decided(...people(3000, 'late'));
    for (const [index, subject] of people(5).entries()) await decidedAt(subject, { origin: 'o', index });
    const asked: string[] = [];
    const counted: MemoryStores = {
      ...stores,
      decisions: {
        ...stores.decisions,
        find: async (ref) => {
          asked.push(ref.subject);
          return stores.decisions.find(ref);
        },
      },
    };
    const passedOver: PassedOver = new Map();
    const bounds = { limit: 100, passedOver };
    for (const settled of [5, 5, 0])
      expect(await settle({ ...bounds, witnessed: 5 }, counted)).toMatchObject({ settled });
    asked.length = 0;
    expect(await settle({ ...bounds, witnessed: 5 }, counted)).toMatchObject({ settled: 0, isDone: true });
    expect(asked).toEqual([]);
    await settle({ ...bounds, witnessed: 6 }, counted);
    expect(asked).toEqual(['late5']);
    expect(await settle({ limit: 9000, passedOver, witnessed: 3000 })).toMatchObject({ settled: 2994 });
  });

  it('reads so much of the queue at most, and remembers as many', async () => {
    await decidedIn('left', ...people(33_000, 'left'));
    await decided('a');
    const rows: number[] = [];
    const counted: MemoryStores = {
      ...stores,
      decisions: {
        ...stores.decisions,
        unwitnessed: (limit) => {
          rows.push(limit);
          return stores.decisions.unwitnessed(limit);
        },
      },
    };
    const passedOver: PassedOver = new Map();
    for (let round = 0; round < 2; round++)
      expect(await settle({ limit: 30_000, passedOver }, counted)).toMatchObject({
        settled: 0,
        isDone: true,
      });
    expect(rows).toEqual([30_000, 32_768, 32_768]);
    expect(passedOver.size).toBe(32_768);
  });
});

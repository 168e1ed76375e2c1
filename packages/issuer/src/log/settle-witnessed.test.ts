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
const decided = (...subjects: readonly string[]) => decidedIn('o', ...subjects);
async function decidedIn(origin: string, ...subjects: readonly string[]): Promise<void> {
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
    await stores.decisions.markLogged(decision, { origin, index, salt: 'A'.repeat(43) }, true);
  }
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
    const passedOver = new Set<string>();
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
    const passedOver = new Set<string>();
    for (let round = 0; round < 12; round++) await settle({ limit: 20, passedOver }, failing);
    expect((await waiting()).toSorted()).toEqual(people(40, 'bad').toSorted());
    expect(asked.filter((each) => each.startsWith('bad'))).toHaveLength(40);
  });

  it('one that waits in another log is passed over, wherever its place there is', async () => {
    await decidedIn('left', ...people(40, 'left'));
    await decided(...people(10));
    const passedOver = new Set<string>();
    const settled = [];
    for (let round = 0; round < 4; round++) settled.push((await settle({ limit: 20, passedOver })).settled);
    expect(settled).toEqual([0, 0, 10, 0]);
    expect(await waiting()).toEqual(people(40, 'left'));
  });

  it('remembers so many of them, and forgets the oldest', async () => {
    await decidedIn('left', ...people(4100, 'left'));
    const passedOver = new Set<string>();
    await settle({ limit: 5000, passedOver });
    expect(passedOver.size).toBe(4096);
    expect(passedOver).toContain(JSON.stringify(['left4099', 'health', 1]));
    expect(passedOver).not.toContain(JSON.stringify(['left0', 'health', 1]));
  });
});

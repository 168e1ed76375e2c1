import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { crashTable } from '../decisions/testing/failing-ports.ts';
import type { Publication } from '../publication.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { redDecision } from '../testing/sample-decision.ts';
import { type SampleLog, sampleLog } from '../testing/sample-log.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { queueLeft } from './queue-left.ts';

const OLD = 'log.symbolon.test/old';
const NEW = 'log.symbolon.test/new';
/** No publication of before can be used after that. */
const USABLE_HOURS = 240;

let sample: SamplePublication;
let stores: MemoryStores;
beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
});

const naming = (origin: string): Publication => {
  const log: LogPlace = { origin, url: `https://${origin}`, keys: [] };
  return { ...sample.publication, log };
};
const usableFor = (origin: string, blockAfterHours: number): Publication => {
  const { federation, ...others } = naming(origin);
  return {
    ...others,
    federation: { ...federation, freshness: { ...federation.freshness, blockAfterHours } },
  };
};
const run = (origin: string, now: Instant = NOW, decisionsAtMost = 100, ports = stores) =>
  queueLeft(ports, naming(origin), { decisionsAtMost }, now);
const logAt = (origin: string, of = stores): Promise<SampleLog> =>
  sampleLog(of, sample.publication, insecureRandomFromSeed(origin), origin);
/** Red people, in this log, whose witnesses have not seen it. */
async function waitingIn(log: SampleLog, subjects: readonly string[], of = stores): Promise<void> {
  for (const name of log.witnesses) log.down.add(name);
  for (const subject of subjects) {
    await of.subjects.putProfile({ subject, version: 1, kind: 'person', absorbing: [], guardians: [] });
    await of.decisions.append(redDecision(subject));
  }
  await log.round();
}
const people = (count: number, name = 'p') => Array.from({ length: count }, (_, i) => `${name}${i}`);
const queued = async (of = stores) => (await of.decisions.pending(1000)).map(({ subject }) => subject);
const decisionOf = async (subject: string): Promise<Decision> =>
  (await stores.decisions.newest(subject, 'health')) ?? expect.unreachable();
const origins = async (subjects: readonly string[]) => {
  const found = subjects.map((subject) => stores.decisions.find({ subject, scheme: 'health', sequence: 1 }));
  return new Set((await Promise.all(found)).map((stored) => stored?.place?.origin));
};

describe('REQ-ISS-037 a worse decision that waits in a log which the region has left', () => {
  it('is queued again by itself, and takes effect by the witnesses of the new log', async () => {
    await waitingIn(await logAt(OLD), people(5));
    expect(await run(OLD)).toBe(0);
    expect(await run(NEW)).toBe(5);
    expect(await queued()).toEqual(people(5));
    const next = await logAt(NEW);
    expect(await next.round()).toMatchObject({ settled: 5 });
    expect(await origins(people(5))).toEqual(new Set([NEW]));
    expect(await run(NEW)).toBe(0);
  });

  it('is done in bounded steps, each of which goes on where the last one ended', async () => {
    await waitingIn(await logAt(OLD), people(5));
    await run(OLD);
    const steps = [];
    for (let step = 0; step < 4; step++) steps.push(await run(NEW, NOW, 2));
    expect(steps).toEqual([2, 2, 1, 0]);
    expect(await queued()).toEqual(people(5));
  });

  it('is found behind others that wait in the new log, and are older', async () => {
    await run(OLD);
    await run(NEW);
    await waitingIn(await logAt(NEW), people(7, 'here'));
    await waitingIn(await logAt(OLD), people(5));
    const steps = [];
    for (let step = 0; step < 3; step++) steps.push(await run(NEW, NOW, 2));
    expect(steps).toEqual([5, 0, 0]);
    expect(await queued()).toEqual(people(5));
  });

  it('is found by later runs behind however many others, and those before it after that', async () => {
    await run(OLD);
    await run(NEW);
    await waitingIn(await logAt(NEW), people(20, 'here'));
    await waitingIn(await logAt(OLD), people(5));
    const steps = [];
    for (let step = 0; step < 5; step++) steps.push(await run(NEW, NOW, 1));
    // 8 are looked at in a run.
    expect(steps).toEqual([0, 0, 4, 1, 0]);
    expect(await queued()).toEqual(people(5));
    // At the first again.
    for (const subject of people(3, 'here'))
      await stores.decisions.queueAgain(await decisionOf(subject), NEW);
    await waitingIn(await logAt(OLD), []);
    const rest = [];
    for (let step = 0; step < 9; step++) rest.push(await run(NEW, NOW, 1));
    expect(rest.reduce((sum, each) => sum + each, 0)).toBe(8);
  });

  it('is found by later runs behind many that cannot be read, and each run tells of those', async () => {
    await waitingIn(await logAt(OLD), [...people(40, 'bad'), ...people(5)]);
    await run(OLD);
    const failing: MemoryStores = {
      ...stores,
      decisions: {
        ...stores.decisions,
        find: async (ref) => {
          if (ref.subject.startsWith('bad')) throw new SymbolonError('storage-failed');
          return stores.decisions.find(ref);
        },
      },
    };
    for (let step = 0; step < 5; step++)
      await run(NEW, NOW, 100, failing).catch((error) =>
        expect(error).toMatchObject({ code: 'storage-failed' }),
      );
    expect(await queued()).toEqual(people(5));
    // After the last ones it comes to the first again.
    for (let step = 0; step < 3; step++) await run(NEW);
    expect(await queued()).toHaveLength(45);
  });

  it('stays where it is when its place is in the log that the region has, or has had its effect', async () => {
    await waitingIn(await logAt(OLD), people(3));
    await run(OLD);
    await stores.decisions.markEffective({ subject: 'p1', scheme: 'health', sequence: 1 });
    await waitingIn(await logAt(NEW), ['here']);
    expect(await run(NEW)).toBe(2);
    expect(await queued()).toEqual(['p0', 'p2']);
    expect(await origins(['p1', 'here'])).toEqual(new Set([OLD, NEW]));
  });

  it('one that cannot be read is told of, and keeps none of the others', async () => {
    await waitingIn(await logAt(OLD), people(5));
    await run(OLD);
    const failing: MemoryStores = {
      ...stores,
      decisions: {
        ...stores.decisions,
        find: async (ref) => {
          if (ref.subject === 'p0') throw new SymbolonError('storage-failed');
          return stores.decisions.find(ref);
        },
      },
    };
    await expect(run(NEW, NOW, 100, failing)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await queued()).toEqual(['p1', 'p2', 'p3', 'p4']);
  });

  it('is queued once, whatever crashes', async () => {
    const { expected, outcomes } = await crashTable(
      async () => memoryStores(),
      async (of, attempt) => {
        await waitingIn(await logAt(OLD, of), people(2), of);
        await attempt((ports) => queueLeft(ports, naming(OLD), { decisionsAtMost: 9 }, NOW));
        for (let runs = 0; runs < 2; runs++)
          await attempt((ports) => queueLeft(ports, naming(NEW), { decisionsAtMost: 9 }, NOW));
        return [await queued(of), await of.decisions.unwitnessed(9)];
      },
    );
    expect(expected).toEqual([people(2), []]);
    expect(outcomes.length).toBeGreaterThan(10);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });
});

describe('which logs were left', () => {
  it('one of which this process has heard nothing yet may be the newer one, and is left alone', async () => {
    await run(OLD);
    await waitingIn(await logAt(NEW), people(2));
    // The sequencer goes by a newer publication than this run.
    expect(await run(OLD)).toBe(0);
    expect(await origins(people(2))).toEqual(new Set([NEW]));
  });

  it('a run by a publication of before takes nothing back from the new log, and changes nothing that is known', async () => {
    await waitingIn(await logAt(OLD), people(2, 'old'));
    await run(OLD);
    await run(NEW, NOW, 1);
    await waitingIn(await logAt(NEW), people(2, 'new'));
    const late = addHours(NOW, USABLE_HOURS - 1);
    expect(await run(OLD, late)).toBe(0);
    expect(await origins(people(2, 'new'))).toEqual(new Set([NEW]));
    // What waits in the old log still.
    expect(await run(NEW, late)).toBe(1);
  });

  it('a region that comes back to a log has left the other one, once no publication of before can be used', async () => {
    await run(OLD);
    await run(NEW);
    await waitingIn(await logAt(NEW), people(2));
    const back = addHours(NOW, USABLE_HOURS);
    expect(await run(OLD, back)).toBe(2);
    expect(await run(OLD, back)).toBe(0);
  });

  it('are forgotten when nothing waits there, and no publication of before can be used: nobody looks for more then', async () => {
    await run(OLD);
    await run(NEW);
    const looks: number[] = [];
    const counted: MemoryStores = {
      ...stores,
      decisions: {
        ...stores.decisions,
        unwitnessed: (limit) => {
          looks.push(limit);
          return stores.decisions.unwitnessed(limit);
        },
      },
    };
    for (const hours of [1, USABLE_HOURS - 1, USABLE_HOURS, USABLE_HOURS + 1])
      await run(NEW, addHours(NOW, hours), 9, counted);
    expect(looks).toEqual([9, 9, 9]);
  });

  it('one is forgotten by the longest hours that publications of before had, though they are fewer now', async () => {
    await run(OLD);
    const lowered = usableFor(NEW, 24);
    for (const hours of [0, 24])
      await queueLeft(stores, lowered, { decisionsAtMost: 9 }, addHours(NOW, hours));
    await waitingIn(await logAt(NEW), people(2));
    // A process that goes by a publication of before.
    expect(await run(OLD, addHours(NOW, 25))).toBe(0);
    expect(await origins(people(2))).toEqual(new Set([NEW]));
    // Nor is one that lowers them, and comes back, believed before that.
    const back = usableFor(OLD, 24);
    const atMost = { decisionsAtMost: 9 };
    expect(await queueLeft(stores, back, atMost, addHours(NOW, USABLE_HOURS - 1))).toBe(0);
    expect(await queueLeft(stores, back, atMost, addHours(NOW, USABLE_HOURS))).toBe(2);
  });

  it('hours that are raised while the region has the log count as well, and what was stored without any', async () => {
    const state = JSON.stringify({ origin: OLD, left: [] });
    await stores.jobs.write('left-logs', { version: 1, state });
    await queueLeft(stores, usableFor(OLD, 24), { decisionsAtMost: 9 }, NOW);
    await run(OLD);
    const lowered = usableFor(NEW, 24);
    for (const hours of [0, 24])
      await queueLeft(stores, lowered, { decisionsAtMost: 9 }, addHours(NOW, hours));
    await waitingIn(await logAt(NEW), people(2));
    expect(await run(OLD, addHours(NOW, 25))).toBe(0);
  });

  it.each([undefined, 'unknown'] as const)(
    'nothing is known of any where the registry names %s',
    async (log) => {
      await waitingIn(await logAt(OLD), people(2));
      await run(OLD);
      const publication = { ...sample.publication, log };
      expect(await queueLeft(stores, publication, { decisionsAtMost: 9 }, NOW)).toBe(0);
      expect(await run(NEW)).toBe(2);
    },
  );
});

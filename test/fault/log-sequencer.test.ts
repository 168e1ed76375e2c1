import { runRound } from '@symbolon/log/sequencer';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';
import { type Failure, flakyPorts, PortFailure } from '../support/flaky-ports.ts';
import { copyOf, expectWhole, type LogWorld, logKeyOf, logWorld } from '../support/log-world.ts';
import { Turns } from '../support/turns.ts';

const key = await logKeyOf('log.example/fault');
const named = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i}`);

type Ports = Pick<LogWorld, 'source' | 'signer'> & LogWorld['stores'];
const portsOf = ({ stores, source, signer }: LogWorld): Ports => ({ ...stores, source, signer });
const roundOf = ({ source, signer, ...stores }: Ports) =>
  runRound({ key: key.key, stores, source, signer }, 4096);

/** Runs rounds until there is nothing left to do. */
async function recover(world: LogWorld): Promise<void> {
  while ((await roundOf(portsOf(world))).added > 0);
}

/** Worlds before a round of every kind: the first one, one within a tile, one that fills tiles, one on a full tile. */
const BEFORE: readonly (readonly [what: string, there: number, fresh: number])[] = [
  ['the first round, with nothing', 0, 0],
  ['the first round, with leaves', 0, 3],
  ['a small round', 3, 2],
  ['a round that fills a tile', 250, 300],
  ['a round on a full tile', 256, 1],
];

async function worldBefore(there: number, fresh: number) {
  const world = logWorld(key);
  const leaves = named('old', there);
  world.source.add(...leaves);
  if (there > 0) await recover(world);
  world.source.add(...named('new', fresh));
  return { world, leaves: [...leaves, ...named('new', fresh)] };
}

/** A process that dies in one call: nothing that it would have done after that is done. */
function dyingPorts(ports: Ports, { at, when }: Failure): Ports {
  let calls = 0;
  const wrap = <A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      const call = calls++;
      if (call > at || (call === at && when === 'before')) throw new PortFailure('dead');
      const result = await run(...args);
      if (call === at) throw new PortFailure('dead');
      return result;
    };
  };
  const store = (each: Ports['public']) => ({
    ...each,
    read: wrap(each.read),
    create: wrap(each.create),
    replace: wrap(each.replace),
  });
  const { source, signer } = ports;
  return {
    public: store(ports.public),
    private: store(ports.private),
    source: { ...source, pending: wrap(source.pending), settle: wrap(source.settle) },
    signer: { ...signer, sign: wrap(signer.sign) },
  };
}

describe.each(BEFORE)('REQ-LOG-015 %s', (_what, there, fresh) => {
  it('every call that can fail is one that fails below', async () => {
    const { world, leaves } = await worldBefore(there, fresh);
    const { ports, calls } = flakyPorts(portsOf(world), undefined);
    await roundOf(ports);
    await expectWhole(world, leaves);
    const kinds = ['private.read', 'public.read', 'source.pending'];
    if (fresh > 0) kinds.push('private.replace', 'public.create', 'signer.sign', 'source.settle');
    expect(kinds.filter((kind) => !calls.includes(kind))).toEqual([]);
  });

  it.each(['before', 'after'] as const)(
    'one call fails %s it took effect: the next rounds finish',
    async (when) => {
      let failed = true;
      for (let at = 0; failed; at++) {
        const { world, leaves } = await worldBefore(there, fresh);
        const { ports, calls } = flakyPorts(portsOf(world), { at, when });
        failed = await roundOf(ports).then(
          () => false,
          (error) => {
            expect(error).toBeInstanceOf(PortFailure);
            return true;
          },
        );
        expect(calls.length > at).toBe(failed);
        await recover(world);
        await expectWhole(world, leaves);
      }
    },
  );

  it.each(['before', 'after'] as const)(
    'the process dies %s any call: another one finishes',
    async (when) => {
      let died = true;
      for (let at = 0; died; at++) {
        const { world, leaves } = await worldBefore(there, fresh);
        died = await roundOf(dyingPorts(portsOf(world), { at, when })).then(
          () => false,
          (error) => {
            expect(error).toBeInstanceOf(PortFailure);
            return true;
          },
        );
        // More comes in before anyone looks again.
        const more = named('more', 2);
        world.source.add(...more);
        await recover(world);
        await expectWhole(world, [...leaves, ...more]);
      }
    },
  );

  it('it dies again while it finishes', async () => {
    const { world, leaves } = await worldBefore(there, fresh);
    for (let at = 0; at < 40; at++) {
      await roundOf(
        dyingPorts(portsOf(world), { at: at % 9, when: at % 2 === 0 ? 'before' : 'after' }),
      ).catch((error) => expect(error).toBeInstanceOf(PortFailure));
    }
    await recover(world);
    await expectWhole(world, leaves);
  });
});

/** What several sequencers do in one run: a few rounds each; that another one was faster is no fault. */
function actorsOf(world: LogWorld, turns: Turns, count: number, rounds: number) {
  const conflicts: string[] = [];
  const actors = Array.from({ length: count }, (_, actor) => async () => {
    const ports = turns.portsOf(actor, portsOf(world));
    for (let round = 0; round < rounds; round++) {
      world.source.add(`${actor} ${round}`);
      try {
        await roundOf(ports);
      } catch (error) {
        if (!isSymbolonError(error) || error.code !== 'checkpoint-conflict') throw error;
        conflicts.push(`${actor} ${round}`);
      }
    }
  });
  return { actors, conflicts };
}

describe('REQ-LOG-021 sequencers that run at once', () => {
  const leavesOf = (actors: number, rounds: number) =>
    Array.from({ length: actors }, (_, actor) => named(String(actor), rounds)).flat();

  it.each([
    ['on a new log', 0],
    ['on a log with leaves', 255],
  ])('%s: wherever two come between each other, there is one tree', async (_what, there) => {
    const { world: base, leaves } = await worldBefore(there, 0);
    let most = 1;
    let conflicts = 0;
    // The first goes so many steps, then the second so many, then the first to its end, then the second.
    for (let one = 0; one <= most; one++) {
      for (let two = 1; two <= most; two++) {
        const [world, turns] = [copyOf(base, key), new Turns()];
        const run = actorsOf(world, turns, 2, 1);
        const choose = (waiting: readonly number[], step: number) => {
          const wanted = step < one || step >= one + two ? 0 : 1;
          return waiting.includes(wanted) ? wanted : (waiting[0] ?? 0);
        };
        const steps = await turns.run(run.actors, choose);
        most = Math.max(most, Math.ceil((2 * steps) / 3));
        conflicts += run.conflicts.length;
        await recover(world);
        await expectWhole(world, [...leaves, ...leavesOf(2, 1)]);
      }
    }
    expect(conflicts).toBeGreaterThan(10);
  });

  it.each([2, 3])('%i of them, some rounds each, in 150 random orders', async (count) => {
    let conflicts = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const [world, turns] = [logWorld(key), new Turns()];
      const run = actorsOf(world, turns, count, 3);
      const random = generator(seed * count);
      // Some keep their turn for long, some hardly ever have one.
      const patience = random(8) + 1;
      let current = 0;
      const choose = (waiting: readonly number[]) => {
        if (!waiting.includes(current) || random(patience) === 0) {
          current = waiting[random(waiting.length)] ?? 0;
        }
        return current;
      };
      await turns.run(run.actors, choose);
      conflicts += run.conflicts.length;
      await recover(world);
      await expectWhole(world, leavesOf(count, 3));
    }
    expect(conflicts).toBeGreaterThan(100);
  });

  it('one that stood still for many rounds of another does no harm, wherever it stood', async () => {
    for (let stop = 0; stop < 16; stop++) {
      const [world, turns] = [logWorld(key), new Turns()];
      const run = actorsOf(world, turns, 2, 1);
      const [slow] = run.actors;
      const other = async () => {
        const ports = turns.portsOf(1, portsOf(world));
        for (let round = 0; round < 4; round++) {
          world.source.add(`other ${round}`);
          await roundOf(ports).catch((error) => expect(error).toMatchObject({ code: 'checkpoint-conflict' }));
        }
      };
      const choose = (waiting: readonly number[], step: number) =>
        step < stop && waiting.includes(0) ? 0 : Math.max(...waiting);
      if (slow !== undefined) await turns.run([slow, other], choose);
      await recover(world);
      await expectWhole(world, ['0 0', ...named('other', 4)]);
    }
  });
});

/** Numbers below n, the same ones for the same seed (a linear congruential generator). */
function generator(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

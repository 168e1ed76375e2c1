import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { checkpointText, openCheckpoint, requireWitnesses, signCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { type LogStore, WITNESSED } from '../sequencer/log-store.ts';
import { runRound } from '../sequencer/sequencer.ts';
import { type MemoryLogStore, memoryLogStore, memoryQueue } from '../testing/memory-log.ts';
import { logKey, type TestKey, witnessKey } from '../testing/note-keys.ts';
import { CHECKPOINT } from '../tiles/tile-paths.ts';
import { leafHash } from '../tree/hashes.ts';
import { addCheckpoint, type Witness } from './witness.ts';
import {
  COSIGN_AGAIN_SECONDS,
  gatherCosignatures,
  type Witnessing,
  type WitnessPort,
  witnessRun,
} from './witness-client.ts';

const NOW = instant(1_800_000_000);
const later = (seconds: number) => instant(NOW + seconds);
const log = await logKey();
const keys = [await witnessKey(1), await witnessKey(2), await witnessKey(3)];
const trust = { origin: log.key.name, keys: [log.key], witnesses: keys.map(({ key }) => key), threshold: 2 };

/** A witness as it answers over HTTP (C2SP tlog-witness), and what it was asked. */
function portTo(witness: Witness, clock: () => Instant) {
  const asked: number[] = [];
  const port: WitnessPort = {
    name: witness.key.name,
    addCheckpoint: async (body) => {
      try {
        const answer = await addCheckpoint(witness, body, clock());
        asked.push(answer.is === 'cosigned' ? 200 : 409);
        return answer.is === 'cosigned'
          ? { status: 200, text: answer.line }
          : { status: 409, text: `${answer.size}\n` };
      } catch (error) {
        if (!isSymbolonError(error)) throw error;
        asked.push(422);
        return { status: 422, text: error.code };
      }
    },
  };
  return { ...port, asked };
}

async function world() {
  const [stores, source] = [{ public: memoryLogStore(), private: memoryLogStore() }, memoryQueue()];
  const time = { now: NOW };
  const logs = new Map([[log.key.name, [log.key]]]);
  const ports = keys.map((each) => portTo({ ...each, logs, store: memoryLogStore() }, () => time.now));
  const grow = async (...leaves: string[]) => {
    source.add(...leaves);
    return (await runRound({ stores, source, ...log })).size;
  };
  await grow('a', 'b', 'c');
  const witnessing: Witnessing = { store: stores.public, trust, witnesses: ports };
  return { store: stores.public, time, ports, grow, witnessing };
}

const read = async (store: MemoryLogStore, path: string) =>
  openCheckpoint(store.files.get(path) ?? '', trust);
const names = (count: number) => keys.slice(0, count).map(({ key }) => key.name);

describe('REQ-LOG-009 cosignatures', () => {
  it('a log without a checkpoint has none', async () => {
    const { witnessing } = await world();
    const empty = { ...witnessing, store: memoryLogStore() };
    expect(await gatherCosignatures(empty, NOW)).toEqual({ size: 0, cosigned: 0, silent: [] });
  });

  it('are gathered once, and anew when they are half an hour old', async () => {
    const { witnessing, store, time, ports } = await world();
    const all = { size: 3, cosigned: 3, silent: [] };
    expect(await gatherCosignatures(witnessing, NOW)).toEqual(all);
    expect(requireWitnesses(await read(store, WITNESSED), trust)).toBe(NOW);
    const writes = store.writes.length;
    expect(await gatherCosignatures(witnessing, later(COSIGN_AGAIN_SECONDS - 1))).toEqual(all);
    expect(store.writes.length).toBe(writes);
    time.now = later(COSIGN_AGAIN_SECONDS);
    expect(await gatherCosignatures(witnessing, time.now)).toEqual(all);
    expect(store.writes.slice(writes)).toEqual([CHECKPOINT, WITNESSED]);
    expect(requireWitnesses(await read(store, WITNESSED), trust)).toBe(time.now);
    expect((await read(store, CHECKPOINT)).note.signatures).toHaveLength(4);
    expect(ports.map(({ asked }) => asked)).toEqual([
      [200, 200],
      [200, 200],
      [200, 200],
    ]);
  });

  it('a log that grows asks each witness once, from where it was', async () => {
    const { witnessing, ports, grow } = await world();
    for (let i = 0; i < 4; i++) {
      await gatherCosignatures(witnessing, NOW);
      await grow(`more ${i}`);
    }
    expect(ports.map(({ asked }) => asked)).toEqual([1, 2, 3].map(() => [200, 200, 200, 200]));
  });

  it('a witness that is elsewhere says where, and is asked from there', async () => {
    const { witnessing, ports, grow, store } = await world();
    await gatherCosignatures({ ...witnessing, witnesses: ports.slice(0, 1) }, NOW);
    await grow('d');
    expect(await gatherCosignatures(witnessing, NOW)).toEqual({ size: 4, cosigned: 3, silent: [] });
    expect(ports[0]?.asked).toEqual([200, 409, 200]);
    expect((await read(store, WITNESSED)).size).toBe(4);
  });

  it('that the newest is not cosigned yet keeps the older one, which is', async () => {
    const { witnessing, ports, grow, store } = await world();
    await gatherCosignatures(witnessing, NOW);
    await grow('d');
    const one = { ...witnessing, witnesses: ports.slice(0, 1) };
    expect(await gatherCosignatures(one, NOW)).toEqual({ size: 3, cosigned: 1, silent: [] });
    expect((await read(store, WITNESSED)).size).toBe(3);
    expect(await gatherCosignatures(witnessing, NOW)).toEqual({ size: 4, cosigned: 3, silent: [] });
  });

  it('the log grows while its witnesses think: what they have seen counts all the same', async () => {
    const { witnessing, ports, grow, store } = await world();
    const slow = ports.map((port, i) => ({
      name: port.name,
      addCheckpoint: async (body: string) => {
        const answer = await port.addCheckpoint(body);
        if (i === 0) await grow('meanwhile');
        return answer;
      },
    }));
    expect(await gatherCosignatures({ ...witnessing, witnesses: slow }, NOW)).toMatchObject({
      size: 3,
      cosigned: 3,
    });
    expect((await read(store, CHECKPOINT)).size).toBe(4);
    expect((await read(store, WITNESSED)).size).toBe(3);
    expect(await gatherCosignatures(witnessing, NOW)).toMatchObject({ size: 4 });
  });
});

describe('witnesses that fail keep none of the others from it', () => {
  const text = (size: number) => checkpointText(log.key.name, { size, root: leafHash(utf8('x')) });
  const bad: readonly (readonly [
    string,
    (port: WitnessPort, own: TestKey) => WitnessPort['addCheckpoint'],
  ])[] = [
    ['down', () => () => Promise.reject(new TypeError('down'))],
    ['refusing', () => async () => ({ status: 500, text: '' })],
    ['talking nonsense', () => async () => ({ status: 200, text: 'ok' })],
    ['saying nothing', () => async () => ({ status: 200, text: '' })],
    [
      'cosigning another tree',
      (_, own) => async () => ({ status: 200, text: await cosign(text(3), own.key, own.signer, NOW) }),
    ],
    [
      'answering with the line of another',
      () => async (body) => ({ status: 200, text: `${body.slice(body.lastIndexOf('—'))}` }),
    ],
    ['naming ever other sizes', () => async () => ({ status: 409, text: '1\n' })],
    ['naming a size beyond the log', () => async () => ({ status: 409, text: '9\n' })],
    ['naming no size', () => async () => ({ status: 409, text: 'x\n' })],
    [
      'an hour ahead',
      (_, own) => async (body) => {
        const note = body.slice(body.indexOf('\n\n') + 2);
        const signed = note.slice(0, note.indexOf('\n\n') + 1);
        return { status: 200, text: await cosign(signed, own.key, own.signer, later(3600)) };
      },
    ],
  ];

  it.each(bad)('one that is %s', async (_what, behave) => {
    const { witnessing, ports, store } = await world();
    const [own] = keys;
    const [port, ...others] = ports;
    if (own === undefined || port === undefined) throw new TypeError('no witness');
    const witnesses = [{ name: port.name, addCheckpoint: behave(port, own) }, ...others];
    const silent = names(1);
    expect(await gatherCosignatures({ ...witnessing, witnesses }, NOW)).toEqual({
      size: 3,
      cosigned: 2,
      silent,
    });
    expect([...(await read(store, WITNESSED)).cosigned.keys()]).toEqual(names(3).slice(1));
    // It is asked again, and when it is well again all is well.
    expect(await gatherCosignatures(witnessing, NOW)).toEqual({ size: 3, cosigned: 3, silent: [] });
  });

  it('REQ-LOG-005 all but one down: nothing counts as witnessed, and nothing is lost', async () => {
    const { witnessing, ports, store } = await world();
    const down = ports
      .slice(1)
      .map(({ name }) => ({ name, addCheckpoint: () => Promise.reject(new TypeError()) }));
    const few = { ...witnessing, witnesses: [...ports.slice(0, 1), ...down] };
    expect(await gatherCosignatures(few, NOW)).toEqual({ size: 0, cosigned: 1, silent: names(3).slice(1) });
    expect(store.files.has(WITNESSED)).toBe(false);
    expect(await gatherCosignatures(witnessing, NOW)).toMatchObject({ size: 3 });
  });

  it('an old cosignature again is no news', async () => {
    const { witnessing, ports, store } = await world();
    await gatherCosignatures(witnessing, NOW);
    const lines = (await read(store, CHECKPOINT)).note.signatures;
    const again = ports.map(({ name }) => ({
      name,
      addCheckpoint: async () => ({
        status: 200,
        text: lines.find((each) => each.name === name)?.line ?? '',
      }),
    }));
    const writes = store.writes.length;
    expect(await gatherCosignatures({ ...witnessing, witnesses: again }, later(3600))).toMatchObject({
      size: 3,
      silent: names(3),
    });
    expect(store.writes.length).toBe(writes);
  });

  it('one whom the federation does not name is not asked', async () => {
    const { witnessing } = await world();
    const stranger = {
      name: 'stranger.example',
      addCheckpoint: () => Promise.reject(new RangeError('asked')),
    };
    expect(await gatherCosignatures({ ...witnessing, witnesses: [stranger] }, NOW)).toEqual({
      size: 0,
      cosigned: 0,
      silent: ['stranger.example'],
    });
  });
});

describe('what is stored', () => {
  it('REQ-LOG-004: a checkpoint that is not the log’s is not shown to anyone', async () => {
    const { witnessing, ports, store } = await world();
    const other = await logKey('other');
    const note = await signCheckpoint(
      checkpointText(log.key.name, { size: 9, root: leafHash(utf8('x')) }),
      other.key,
      other.signer,
    );
    store.files.set(CHECKPOINT, utf8(note));
    await expect(gatherCosignatures(witnessing, NOW)).rejects.toMatchObject({ code: 'log-signature' });
    expect(ports.map(({ asked }) => asked)).toEqual([[], [], []]);
  });

  it('one that is not believed any more, as keys were replaced, gives way', async () => {
    const { witnessing, store } = await world();
    const other = await logKey('old key');
    const note = await signCheckpoint(
      checkpointText(log.key.name, { size: 9, root: leafHash(utf8('x')) }),
      other.key,
      other.signer,
    );
    store.files.set(WITNESSED, utf8(note));
    expect(await gatherCosignatures(witnessing, NOW)).toMatchObject({ size: 3 });
    expect((await read(store, WITNESSED)).size).toBe(3);
  });

  it('what another gatherer wrote meanwhile never goes back', async () => {
    const { witnessing, store, grow } = await world();
    const raced: LogStore = {
      ...store,
      create: async (path, bytes) => {
        // Just before this one writes, another one finishes, with a larger tree.
        if (path === WITNESSED) {
          await grow('meanwhile');
          await gatherCosignatures(witnessing, NOW);
        }
        await store.create(path, bytes);
      },
    };
    expect(await gatherCosignatures({ ...witnessing, store: raced }, NOW)).toMatchObject({ size: 4 });
    expect((await read(store, WITNESSED)).size).toBe(4);
  });

  it('REQ-LOG-021: where another one is faster every time, it says so', async () => {
    const { witnessing, store } = await world();
    await gatherCosignatures(witnessing, NOW);
    const busy: LogStore = {
      ...store,
      read: async (path) => (path === WITNESSED ? undefined : store.read(path)),
    };
    await expect(gatherCosignatures({ ...witnessing, store: busy }, NOW)).rejects.toMatchObject({
      code: 'checkpoint-conflict',
    });
  });
});

describe('a run of rounds', () => {
  /** A timer that is over when it is told to. */
  function timer() {
    const waits = new Map<number, () => void>();
    const wait = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        waits.set(milliseconds, resolve);
      });
    return { wait, waits };
  }

  it('one that is slow is not waited for, and what it says later counts in the next round', async () => {
    const { witnessing, ports, store } = await world();
    const [slow, ...others] = ports;
    const gate = Promise.withResolvers<void>();
    const port: WitnessPort = {
      name: slow?.name ?? '',
      addCheckpoint: async (body) => {
        await gate.promise;
        return slow?.addCheckpoint(body) ?? expect.unreachable();
      },
    };
    const run = witnessRun(async (milliseconds) => {
      if (milliseconds > 1000) await new Promise(() => {});
    });
    const one = { ...witnessing, witnesses: [port, ...others], run };
    expect(await gatherCosignatures(one, NOW)).toEqual({ size: 3, cosigned: 2, silent: [] });
    const writes = store.writes.length;
    gate.resolve();
    await expect.poll(() => run.asking.size).toBe(0);
    // Whatever comes late writes nothing by itself.
    expect(store.writes.length).toBe(writes);
    expect(await gatherCosignatures(one, NOW)).toEqual({ size: 3, cosigned: 3, silent: [] });
    expect(slow?.asked).toEqual([200]);
  });

  it('all questions have one deadline, and whoever passed it is not asked again for half a minute', async () => {
    const { witnessing, ports, grow } = await world();
    let asked = 0;
    const { wait, waits } = timer();
    const hanging: WitnessPort = {
      name: ports[0]?.name ?? '',
      addCheckpoint: (_body, signal) => {
        asked++;
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new TypeError('stopped')));
        });
      },
    };
    const run = witnessRun(wait, 7000);
    const one = { ...witnessing, witnesses: [hanging, ...ports.slice(1)], run };
    const first = gatherCosignatures(one, NOW);
    await expect.poll(() => waits.has(200)).toBe(true);
    waits.get(7000)?.();
    const told = await first;
    expect(told).toMatchObject({ size: 3, cosigned: 2 });
    await expect.poll(() => run.asking.size).toBe(0);
    await grow('d');
    // It is told once, and the others are enough.
    const next = await gatherCosignatures(one, later(1));
    expect(next).toMatchObject({ size: 4, cosigned: 2 });
    expect([...told.silent, ...next.silent]).toEqual(names(1));
    expect(asked).toBe(1);
    // Where they are too few, it is asked all the same.
    await grow('e');
    const two = { ...witnessing, witnesses: ports.slice(0, 2), run };
    expect(await gatherCosignatures(two, later(2))).toMatchObject({ size: 5, cosigned: 2 });
  });

  it('one whose clock is 40 minutes slow does not have every round write', async () => {
    const { witnessing, ports, store, time } = await world();
    time.now = later(-2400);
    const [slow] = ports;
    await gatherCosignatures({ ...witnessing, witnesses: slow === undefined ? [] : [slow] }, NOW);
    time.now = NOW;
    await gatherCosignatures(witnessing, NOW);
    const writes = store.writes.length;
    for (let second = 1; second < 60; second++) {
      time.now = later(second - 2400);
      await gatherCosignatures(witnessing, later(second));
    }
    expect(store.writes.length).toBe(writes);
  });
});

describe('REQ-LOG-007 witnesses that have seen another tree of this log', () => {
  const shown = async (size: number) => {
    const text = checkpointText(log.key.name, { size, root: leafHash(utf8('another')) });
    const [own] = keys;
    if (own === undefined) throw new TypeError('no witness');
    return (await signCheckpoint(text, log.key, log.signer)) + (await cosign(text, own.key, own.signer, NOW));
  };

  it.each([
    ['409', { status: 409, text: '9\n' }, 9],
    ['422', { status: 422, text: '' }, 3],
  ])('%s: `log-fork` where one shows it, signed by the log', async (_what, answer, size) => {
    const { witnessing, ports, store } = await world();
    const seen = await shown(size);
    const other = { name: ports[0]?.name ?? '', addCheckpoint: async () => answer, newest: async () => seen };
    const writes = store.writes.length;
    const witnesses = [other, ...ports.slice(1)];
    await expect(gatherCosignatures({ ...witnessing, witnesses }, NOW)).rejects.toMatchObject({
      code: 'log-fork',
    });
    expect(store.writes.length).toBe(writes);
  });

  it('`log-fork` where as many say so as count as enough; one that says so alone is silent', async () => {
    const { witnessing, ports } = await world();
    const saying = ports.map(({ name }) => ({
      name,
      addCheckpoint: async () => ({ status: 422, text: '' }),
    }));
    const two = [...saying.slice(0, 2), ...ports.slice(2)];
    await expect(gatherCosignatures({ ...witnessing, witnesses: two }, NOW)).rejects.toMatchObject({
      code: 'log-fork',
    });
    const one = [...saying.slice(0, 1), ...ports.slice(1)];
    expect(await gatherCosignatures({ ...witnessing, witnesses: one }, NOW)).toMatchObject({
      silent: names(1),
    });
  });
});

import { openCheckpoint, parseCheckpoint, requireWitnesses } from '@symbolon/log/checkpoint';
import { leafHash, rootOf } from '@symbolon/log/hashes';
import { memoryLogStore } from '@symbolon/log/memory-log';
import { NOTE_TYPE } from '@symbolon/log/note-key';
import { runRound } from '@symbolon/log/sequencer';
import { addCheckpoint, type Witness } from '@symbolon/log/witness';
import { gatherCosignatures, type WitnessPort } from '@symbolon/log/witness-client';
import { equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { instant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { flakyPorts, PortFailure } from '../support/flaky-ports.ts';
import { copyOf, type LogWorld, logKeyOf, logWorld } from '../support/log-world.ts';
import { Turns } from '../support/turns.ts';

const NOW = instant(1_800_000_000);
const key = await logKeyOf('log.example/witnessed');
const witnessKeys = [
  await logKeyOf('w1.example', NOTE_TYPE.witness),
  await logKeyOf('w2.example', NOTE_TYPE.witness),
  await logKeyOf('w3.example', NOTE_TYPE.witness),
];
const trust = {
  origin: key.key.name,
  keys: [key.key],
  witnesses: witnessKeys.map((each) => each.key),
  threshold: 2,
};
const logs = new Map([[key.key.name, [key.key]]]);
const newWitnesses = (): readonly Witness[] =>
  witnessKeys.map((each) => ({ ...each, logs, store: memoryLogStore() }));

/** A witness as its function answers (C2SP tlog-witness). What it hands out is noted. */
function portTo(witness: Witness, handedOut: string[] = []): WitnessPort {
  return {
    name: witness.key.name,
    addCheckpoint: async (body) => {
      try {
        const answer = await addCheckpoint(witness, body, NOW);
        if (answer.is === 'conflict') return { status: 409, text: `${answer.size}\n` };
        handedOut.push(body.slice(body.indexOf('\n\n') + 2));
        return { status: 200, text: answer.line };
      } catch (error) {
        if (isSymbolonError(error)) return { status: 422, text: error.code };
        throw error;
      }
    },
  };
}

async function grow(world: LogWorld, ...leaves: readonly string[]): Promise<readonly string[]> {
  world.source.add(...leaves);
  await runRound(world);
  return [...world.source.placed.keys()];
}

const sizeOf = async (world: LogWorld, path: string) => {
  const stored = world.stores.public.files.get(path);
  return stored === undefined ? 0 : (await openCheckpoint(stored, trust)).size;
};

/** Whether each of these trees is the beginning of one list of leaves. */
function areOneTree(notes: readonly string[], leaves: readonly string[]): boolean {
  const hashes = leaves.map((leaf) => leafHash(utf8(leaf)));
  return notes
    .map(parseCheckpoint)
    .every(({ size, root }) => equalBytes(root, rootOf(hashes.slice(0, size))));
}

describe('REQ-LOG-009 whatever fails while cosignatures are gathered', () => {
  it.each(['before', 'after'] as const)(
    'one call fails %s it took effect: next time it is done',
    async (when) => {
      let failed = 0;
      for (let at = 0; at < 10; at++) {
        const world = logWorld(key);
        const ports = newWitnesses().map((witness) => portTo(witness));
        const [w1, w2, w3] = ports;
        await grow(world, 'a', 'b', 'c');
        const gather = (store: typeof world.stores.public, witnesses: readonly WitnessPort[]) =>
          gatherCosignatures({ store, trust, witnesses }, NOW);
        await gather(world.stores.public, ports);
        await grow(world, 'd');
        if (w1 === undefined || w2 === undefined || w3 === undefined) throw new TypeError('no witness');
        const flaky = flakyPorts({ store: world.stores.public, w1, w2, w3 }, { at, when });
        const { store, ...witnesses } = flaky.ports;
        const told = await gather(store, Object.values(witnesses)).catch((error) => {
          expect(error).toBeInstanceOf(PortFailure);
          return undefined;
        });
        if (flaky.calls.length > at) failed++;
        // What was witnessed before is so still, and what is told is what is there.
        expect(await sizeOf(world, 'witnessed')).toBeGreaterThanOrEqual(3);
        if (told !== undefined) expect(told.size).toBe(await sizeOf(world, 'witnessed'));
        expect(await gather(world.stores.public, ports)).toMatchObject({ size: 4, silent: [] });
        const note = await openCheckpoint(world.stores.public.files.get('witnessed') ?? '', trust);
        expect(requireWitnesses(note, trust)).toBe(NOW);
      }
      // Three files are read, three witnesses asked, two files written.
      expect(failed).toBe(8);
    },
  );

  it.each(['before', 'after'] as const)('the storage of a witness fails %s it took effect', async (when) => {
    for (let at = 0; at < 6; at++) {
      const world = logWorld(key);
      const handedOut: string[] = [];
      const [first, ...others] = newWitnesses();
      if (first === undefined) throw new TypeError('no witness');
      const rest = others.map((witness) => portTo(witness, handedOut));
      const { ports } = flakyPorts({ store: first.store }, { at, when });
      const flaky = portTo({ ...first, ...ports }, handedOut);
      let leaves: readonly string[] = [];
      for (let round = 0; round < 4; round++) {
        leaves = await grow(world, `leaf ${round}`);
        const witnessing = { store: world.stores.public, trust, witnesses: [flaky, ...rest] };
        expect((await gatherCosignatures(witnessing, NOW)).size).toBe(round + 1);
      }
      const all = { store: world.stores.public, trust, witnesses: [portTo(first, handedOut), ...rest] };
      expect(await gatherCosignatures(all, NOW)).toEqual({ size: 4, cosigned: 3, silent: [] });
      expect(areOneTree(handedOut, leaves)).toBe(true);
    }
  });

  it('an outage of all witnesses: the log goes on, and catches up when one too many is not down', async () => {
    const world = logWorld(key);
    const ports = newWitnesses().map((witness) => portTo(witness));
    const down = ports.map(({ name }) => ({ name, addCheckpoint: () => Promise.reject(new PortFailure()) }));
    await grow(world, 'a');
    await gatherCosignatures({ store: world.stores.public, trust, witnesses: ports }, NOW);
    for (let round = 0; round < 5; round++) {
      await grow(world, `outage ${round}`);
      const told = await gatherCosignatures({ store: world.stores.public, trust, witnesses: down }, NOW);
      expect(told).toEqual({ size: 1, cosigned: 0, silent: ports.map(({ name }) => name) });
    }
    const two = [...ports.slice(0, 2), ...down.slice(2)];
    expect(await gatherCosignatures({ store: world.stores.public, trust, witnesses: two }, NOW)).toEqual({
      size: 6,
      cosigned: 2,
      silent: ['w3.example'],
    });
  });
});

describe('REQ-LOG-007 an operator who shows two trees', () => {
  it('gets enough witnesses for one of them, in whatever order it asks', async () => {
    const common = logWorld(key);
    await grow(common, 'a', 'b', 'c');
    const winners = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const witnesses = newWitnesses();
      const handedOut = witnesses.map((): string[] => []);
      const ports = witnesses.map((witness, i) => portTo(witness, handedOut[i]));
      await gatherCosignatures({ store: common.stores.public, trust, witnesses: ports }, NOW);
      const views = [copyOf(common, key), copyOf(common, key)];
      const leaves = [await grow(...twoOf(views, 0)), await grow(...twoOf(views, 1))];
      const turns = new Turns();
      const told = [false, false];
      const actors = views.map((view, actor) => async () => {
        const named = { store: view.stores.public, w1: ports[0], w2: ports[1], w3: ports[2] };
        const { store, ...asked } = turns.portsOf(actor, named);
        const known = Object.values(asked).filter((port) => port !== undefined);
        try {
          for (let i = 0; i < 3; i++) await gatherCosignatures({ store, trust, witnesses: known }, NOW);
        } catch (error) {
          // As many as count as enough say that they have seen another tree.
          expect(error).toMatchObject({ code: 'log-fork' });
          told[actor] = true;
        }
      });
      let state = seed;
      await turns.run(actors, (waiting) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return waiting[Math.floor((state / 2 ** 32) * waiting.length)] ?? 0;
      });
      const seen = await Promise.all(views.map((view) => sizeOf(view, 'witnessed')));
      expect(seen.toSorted()).toEqual([3, 4]);
      winners.add(String(seen));
      expect(told).toEqual(seen.map((size) => size === 3));
      // Each witness has handed out one tree, that of one of the two views.
      for (const each of handedOut) {
        expect(leaves.map((list) => areOneTree(each, list))).toContain(true);
      }
    }
    expect(winners).toEqual(new Set(['3,4', '4,3']));
  });

  const twoOf = (views: readonly LogWorld[], i: 0 | 1): [LogWorld, string] => {
    const view = views[i];
    if (view === undefined) throw new TypeError('no view');
    return [view, `view ${i}`];
  };
});

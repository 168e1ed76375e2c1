import { utf8 } from '@symbolon/protocol/bytes';
import { instant } from '@symbolon/protocol/instant';
import type { Json } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../note/checkpoint.ts';
import { memoryLogStore, memoryQueue } from '../testing/memory-log.ts';
import { logKey, witnessKey } from '../testing/note-keys.ts';
import { tilesOf } from '../tiles/tile-reader.ts';
import { leafHash, rootOf } from '../tree/hashes.ts';
import { multiProof, rootByMultiProof } from '../tree/multi-proof.ts';
import { checkConsistency, checkInclusion, consistencyProof, inclusionProof } from '../tree/proofs.ts';
import { addCheckpoint, type Witness } from '../witness/witness.ts';
import { gatherCosignatures } from '../witness/witness-client.ts';
import { WITNESSED } from './log-store.ts';
import { type LeafSource, runRound, type Sequencer } from './sequencer.ts';

const NOW = instant(1_800_000_000);
const { key, signer } = await logKey();

function world() {
  const stores = { public: memoryLogStore(), private: memoryLogStore() };
  const source = memoryQueue();
  return { stores, source, key, signer } satisfies Sequencer;
}

async function witnessOf(n: number): Promise<Witness> {
  const own = await witnessKey(n);
  return { ...own, logs: new Map([[key.name, [key]]]), store: memoryLogStore() };
}

describe('a log', () => {
  it('grows by rounds of any size; its tiles give its root, and every proof', async () => {
    const log = world();
    const leaves: string[] = [];
    for (const n of [0, 1, 2, 255, 0, 256, 3, 513, 1000, 65_536]) {
      const fresh = Array.from({ length: n }, (_, i) => `leaf ${leaves.length + i}`);
      leaves.push(...fresh);
      log.source.add(...fresh);
      const { size } = await runRound(log, 100_000);
      expect(size).toBe(leaves.length);
      const note = log.stores.public.files.get('checkpoint');
      const trust = { origin: key.name, keys: [key], witnesses: [], threshold: 0 };
      const { root } = await openCheckpoint(note ?? '', trust);
      const hashes = leaves.map((leaf) => leafHash(utf8(leaf)));
      expect(root).toEqual(rootOf(hashes));
      const tiles = tilesOf(async (path) => log.stores.public.files.get(path), size);
      expect(await tiles.root()).toEqual(root);
      for (const index of [0, 1, 254, 255, 256, 500, 700, size - 1].filter((i) => i >= 0 && i < size)) {
        const proof = await inclusionProof(index, size, tiles.hashOf);
        checkInclusion(hashes[index] ?? utf8(''), index, size, root, proof);
        const old = { size: index + 1, root: rootOf(hashes.slice(0, index + 1)) };
        checkConsistency(old, { size, root }, await consistencyProof(old.size, size, tiles.hashOf));
      }
      const some = [0, 3, 4, 5, 255, 300, 301].filter((i) => i < size);
      const many = await multiProof(some, size, tiles.hashOf);
      const known = some.map((i) => [i, hashes[i] ?? utf8('')] as const);
      expect(rootByMultiProof(known, size, many)).toEqual(root);
    }
    expect([...log.source.placed.values()]).toEqual(leaves.map((_, i) => i));
  });

  it('is cosigned by the witnesses, and an idle round writes nothing', async () => {
    const log = world();
    const witnesses = await Promise.all([1, 2].map(witnessOf));
    const trust = { origin: key.name, keys: [key], witnesses: witnesses.map((w) => w.key), threshold: 2 };
    const witnessing = {
      store: log.stores.public,
      trust,
      witnesses: witnesses.map((witness) => ({
        name: witness.key.name,
        addCheckpoint: async (body: string) => {
          const answer = await addCheckpoint(witness, body, NOW);
          return answer.is === 'cosigned'
            ? { status: 200, text: answer.line }
            : { status: 409, text: `${answer.size}\n` };
        },
      })),
    };
    for (const n of [3, 300]) {
      log.source.add(...Array.from({ length: n }, (_, i) => `${n} ${i}`));
      const { size } = await runRound(log);
      expect(await gatherCosignatures(witnessing, NOW)).toEqual({ size, cosigned: 2, silent: [] });
    }
    const writes = log.stores.public.writes.length + log.stores.private.writes.length;
    await runRound(log);
    await gatherCosignatures(witnessing, NOW);
    expect(log.stores.public.writes.length + log.stores.private.writes.length).toBe(writes);
    expect(log.stores.public.files.has(WITNESSED)).toBe(true);
  });

  it('the writes of a round are counted: none when idle, five when it is small', async () => {
    const log = world();
    const { public: store, private: lock } = log.stores;
    const writesOf = async (...leaves: string[]) => {
      const [before, held] = [store.writes.length, lock.writes.length];
      log.source.add(...leaves);
      await runRound(log);
      return { public: store.writes.slice(before).toSorted(), private: lock.writes.length - held };
    };
    expect(await writesOf()).toEqual({ public: ['checkpoint'], private: 2 });
    expect(await writesOf()).toEqual({ public: [], private: 0 });
    const small = ['checkpoint', 'tile/0/000.p/3', 'tile/entries/000.p/3'];
    expect(await writesOf('a', 'b', 'c')).toEqual({ public: small, private: 2 });
    expect(await writesOf()).toEqual({ public: [], private: 0 });
    const filling = Array.from({ length: 254 }, (_, i) => `leaf ${i}`);
    expect(await writesOf(...filling)).toEqual({
      public: [
        'checkpoint',
        'tile/0/000',
        'tile/0/001.p/1',
        'tile/1/000.p/1',
        'tile/entries/000',
        'tile/entries/001.p/1',
      ],
      private: 2,
    });
    const round = Array.from({ length: 4096 }, (_, i) => `leaf ${1000 + i}`);
    const { public: large, private: states } = await writesOf(...round);
    // Sixteen full tiles and bundles, the partial ones after them, one of the level above, the checkpoint.
    expect([large.length, states]).toEqual([2 * 17 + 1 + 1, 2]);
  });

  it('what the source remembers moves with its leaves, or alone, with one write', async () => {
    const log = world();
    let memory: Json = null;
    const remembered: Json[] = [];
    const source: LeafSource = {
      ...log.source,
      pending: async (limit, before) => {
        remembered.push(before);
        const { leaves } = await log.source.pending(limit, before);
        return { leaves, memory };
      },
    };
    const sequencer = { ...log, source };
    await runRound(sequencer);
    memory = { deep: [[[[[[[[[[[[[[[[[['bottom']]]]]]]]]]]]]]]]]], odd: '\ud800 "\n' };
    const before = log.stores.private.writes.length;
    expect(await runRound(sequencer)).toEqual({ size: 0, added: 0 });
    expect(log.stores.private.writes.length - before).toBe(1);
    log.source.add('a');
    expect(await runRound(sequencer)).toEqual({ size: 1, added: 1 });
    await runRound(sequencer);
    expect(remembered).toEqual([null, null, memory, memory]);
  });

  it('a round takes no more than it is told, the rest next time', async () => {
    const log = world();
    log.source.add('a', 'b', 'c');
    expect(await runRound(log, 2)).toEqual({ size: 2, added: 2 });
    expect(await runRound(log, 2)).toEqual({ size: 3, added: 1 });
  });
});

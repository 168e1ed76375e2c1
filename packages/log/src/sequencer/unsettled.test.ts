import { describe, expect, it } from 'vitest';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { memoryLogStore, memoryQueue } from '../testing/memory-log.ts';
import { logKey } from '../testing/note-keys.ts';
import { CHECKPOINT } from '../tiles/tile-paths.ts';
import type { LogStore } from './log-store.ts';
import { type LeafSource, type PlacedLeaf, runRound } from './sequencer.ts';

const key = await logKey();

function world() {
  const [stores, queue] = [{ public: memoryLogStore(), private: memoryLogStore() }, memoryQueue()];
  const away = new Set<string>();
  const told: PlacedLeaf[][] = [];
  const source: LeafSource = {
    ...queue,
    pending: async (limit, memory, unsettled = []) => {
      told.push([...unsettled]);
      const waiting = await queue.pending(limit, memory);
      const leaves = waiting.leaves.filter(({ note }) => !unsettled.some((each) => each.note === note));
      return { ...waiting, leaves };
    },
    settleSome: async (placed) => {
      await queue.settle(placed.filter(({ note }) => !away.has(String(note))));
      return placed.filter(({ note }) => away.has(String(note)));
    },
  };
  return { stores, queue, source, away, told, sequencer: { stores, source, ...key } };
}

describe('REQ-LOG-015 leaves that their source cannot settle', () => {
  it('keep no round open, go in once, and are tried again before each round', async () => {
    const { queue, away, told, sequencer, stores } = world();
    queue.add('a', 'b');
    away.add('a');
    expect(await runRound(sequencer)).toEqual({ size: 2, added: 2 });
    queue.add('c');
    expect(await runRound(sequencer)).toEqual({ size: 3, added: 1 });
    expect([...queue.placed]).toEqual([
      ['b', 1],
      ['c', 2],
    ]);
    const writes = stores.private.writes.length;
    expect(await runRound(sequencer)).toEqual({ size: 3, added: 0 });
    expect(stores.private.writes.length).toBe(writes);
    away.clear();
    expect(await runRound(sequencer)).toEqual({ size: 3, added: 0 });
    expect(queue.placed.get('a')).toBe(0);
    const a = [{ index: 0, note: 'a' }];
    expect(told).toEqual([[], a, a, []]);
  });
});

describe('REQ-LOG-007 what others have seen', () => {
  it('of a log that was put back to an older copy: nothing is signed', async () => {
    const { queue, sequencer, stores } = world();
    queue.add('a');
    await runRound(sequencer);
    const files = [new Map(stores.public.files), new Map(stores.private.files)];
    queue.add('b');
    await runRound(sequencer);
    const seen = parseCheckpoint(stores.public.files.get(CHECKPOINT) ?? '');
    for (const [i, store] of [stores.public, stores.private].entries()) {
      store.files.clear();
      for (const [path, bytes] of files[i] ?? []) store.files.set(path, bytes);
    }
    const asking = { ...sequencer, seenByOthers: async () => [seen] };
    // With nothing to sign, nobody is asked.
    expect(await runRound(asking)).toEqual({ size: 1, added: 0 });
    queue.add('c');
    await expect(runRound(asking)).rejects.toMatchObject({ code: 'log-fork' });
    expect(stores.private.files).toEqual(files[1]);
    queue.add('d');
    expect(await runRound(sequencer)).toEqual({ size: 3, added: 2 });
    await expect(
      runRound({ ...asking, source: { ...sequencer.source, pending: async () => more } }),
    ).rejects.toMatchObject({ code: 'log-fork' });
  });
  const more = { leaves: [{ leaf: Uint8Array.of(101), note: 'e' }], memory: null };
});

it('REQ-LOG-021 a file that another one is just writing is a lost race, and no damage', async () => {
  const { queue, sequencer, stores } = world();
  queue.add('a');
  let left = 1;
  const raced: LogStore = {
    ...stores.public,
    create: async (path, bytes) => {
      if (path.startsWith('tile/') && left-- > 0) return stores.public.replace(path, bytes, bytes);
      return stores.public.create(path, bytes);
    },
  };
  const racing = { ...sequencer, stores: { ...stores, public: raced } };
  await expect(runRound(racing)).rejects.toMatchObject({ code: 'checkpoint-conflict' });
  await runRound(racing);
  expect(queue.placed.get('a')).toBe(0);
});

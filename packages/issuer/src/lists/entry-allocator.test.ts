import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, hourFloor } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { positionsToLease } from '@symbolon/status/decoys';
import { describe, expect, it } from 'vitest';
import type { ListStore } from '../ports.ts';
import { memoryStores } from '../testing/memory-stores.ts';
import { NOW } from '../testing/sample-publication.ts';
import { entryAllocator } from './entry-allocator.ts';

const ISSUER = 'https://cn-bj.symbolon.test';
const EXPIRES = addHours(hourFloor(NOW), 24);
const allocator = (lists: ListStore, seed: string, listEntries = 4096) =>
  entryAllocator({ lists, random: insecureRandomFromSeed(seed), listEntries });

const isOverflow = (uri: string) => /-[0-9]$/.test(uri);

/** Counts the leases, answers only after others had their turn, and fails as often as is wanted: before the write, or after it. */
function unreliable(
  lists: ListStore,
  fails: (call: number) => 'before' | 'after' | undefined = () => undefined,
) {
  const counted = { leases: 0 };
  const lease: ListStore['lease'] = async (list, blocks) => {
    const fault = fails(counted.leases++);
    await Promise.resolve();
    if (fault === 'before') throw new Error('storage is gone');
    const leased = await lists.lease(list, blocks);
    await Promise.resolve();
    if (fault === 'after') throw new Error('the answer is lost');
    return leased;
  };
  return { counted, lists: { ...lists, lease } };
}

describe('REQ-ISS-016 entries from leased blocks', () => {
  it('50 writers at once, each dying again and again, before or after its lease: no index twice', async () => {
    const { lists } = memoryStores();
    const chance = insecureRandomFromSeed('crashes');
    const flaky = unreliable(lists, () => {
      const [draw = 0] = chance(1);
      if (draw < 20) return 'before';
      return draw < 40 ? 'after' : undefined;
    });
    const taken: string[] = [];
    let crashes = 0;
    const writer = async (name: number) => {
      let life = 0;
      let own = allocator(flaky.lists, `writer ${name} ${life}`);
      for (let call = 0; call < 12; call++) {
        const [size = 0, dies = 0] = chance(2);
        try {
          const entries = await own.take(ISSUER, EXPIRES, 1 + (size % 32));
          taken.push(...entries.map(({ idx, uri }) => `${uri} ${idx}`));
        } catch {
          crashes++;
        }
        if (dies < 64) own = allocator(flaky.lists, `writer ${name} ${++life}`);
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, name) => writer(name)));
    expect(crashes).toBeGreaterThan(20);
    expect(taken.length).toBeGreaterThan(5000);
    expect(new Set(taken).size).toBe(taken.length);
    // More than one list was needed, so the overflow was part of it.
    expect(new Set(taken.map((entry) => entry.split(' ')[0])).size).toBeGreaterThan(1);
  });

  it('calls at once in one process share a block where one is enough', async () => {
    const { counted, lists } = unreliable(memoryStores().lists);
    const own = allocator(lists, 'one process');
    const batches = await Promise.all(Array.from({ length: 8 }, () => own.take(ISSUER, EXPIRES, 8)));
    expect(counted.leases).toBe(1);
    expect(new Set(batches.flat().map(({ idx }) => idx)).size).toBe(LIMITS.listBlock);
    await own.take(ISSUER, EXPIRES, 1);
    expect(counted.leases).toBe(2);
  });

  it('one that failed does not hold up the next', async () => {
    const { lists } = unreliable(memoryStores().lists, (call) => (call === 0 ? 'after' : undefined));
    const own = allocator(lists, 'goes on');
    const [first, second] = await Promise.allSettled([
      own.take(ISSUER, EXPIRES, 2),
      own.take(ISSUER, EXPIRES, 2),
    ]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('a list that is full is followed by the next of its hour, eight at most', async () => {
    const { lists } = memoryStores();
    const own = allocator(lists, 'full', 128);
    const perList = Math.floor(positionsToLease(128) / LIMITS.listBlock) * LIMITS.listBlock;
    const entries = await own.take(ISSUER, EXPIRES, perList * 8 - 1);
    const hour = EXPIRES / 3600;
    expect([...new Set(entries.map(({ uri }) => uri))]).toEqual(
      ['', '-1', '-2', '-3', '-4', '-5', '-6', '-7'].map((list) => `${ISSUER}/lists/${hour}${list}`),
    );
    await expect(own.take(ISSUER, EXPIRES, 2)).rejects.toMatchObject({ code: 'status-list-full' });
    // Nothing was taken by it.
    expect(await own.take(ISSUER, EXPIRES, 1)).toHaveLength(1);
    await expect(allocator(lists, 'late', 128).take(ISSUER, EXPIRES, 1)).rejects.toMatchObject({
      code: 'status-list-full',
    });
    expect(await own.take(ISSUER, addHours(EXPIRES, 1), 1)).toHaveLength(1);
  });

  it('a size that is set anew does not make an index twice: a list keeps the one that it began with', async () => {
    const { lists } = memoryStores();
    const sizes = [512, 1024, 256, 4096];
    const taken = new Set<string>();
    let count = 0;
    for (let round = 0; round < 20; round++) {
      const own = allocator(lists, `size ${round}`, sizes[round % sizes.length]);
      for (const { idx, uri } of await own.take(ISSUER, EXPIRES, 40)) {
        taken.add(`${uri} ${idx}`);
        count++;
      }
    }
    expect(taken.size).toBe(count);
  });

  it('what a seed says of itself is not believed', async () => {
    const { lists } = memoryStores();
    for (const seed of ['', 'AAAA', 'A'.repeat(43)]) {
      const broken = { ...lists, lease: async () => ({ seed, block: 0 }) };
      await expect(allocator(broken, 'broken').take(ISSUER, EXPIRES, 1)).rejects.toMatchObject({
        code: 'storage-failed',
      });
    }
  });
});

describe('an index tells nothing of the order', () => {
  it('neither of the place within a block, nor of who came first, nor of who came together', async () => {
    const size = 4096;
    const order: number[] = [];
    const { lists } = memoryStores();
    for (let process = 0; order.length < 3800; process++) {
      const batch = await allocator(lists, `order ${process}`, size).take(ISSUER, EXPIRES, 32);
      order.push(...batch.filter(({ uri }) => !isOverflow(uri)).map(({ idx }) => idx));
      if (batch.some(({ uri }) => isOverflow(uri))) break;
    }
    const n = order.length;
    expect(n).toBeGreaterThan(1900);
    // Rank correlation of order and index: of independent ones it has a standard deviation of 1 / sqrt(n - 1).
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [place, index] = [mean(order.map((_, i) => i)), mean(order)];
    const sum = (of: (idx: number, i: number) => number) =>
      order.reduce((total, idx, i) => total + of(idx, i), 0);
    const correlation =
      sum((idx, i) => (i - place) * (idx - index)) /
      Math.sqrt(sum((_, i) => (i - place) ** 2) * sum((idx) => (idx - index) ** 2));
    expect(Math.abs(correlation) * Math.sqrt(n - 1)).toBeLessThan(4);
    // Distance to the next one handed out: a third of the size on average, as between any two.
    const distances = order.slice(1).map((idx, i) => Math.abs(idx - (order[i] ?? 0)));
    const deviation = size / Math.sqrt(18) / Math.sqrt(distances.length);
    expect(Math.abs(mean(distances) - size / 3) / deviation).toBeLessThan(5);
  });
});

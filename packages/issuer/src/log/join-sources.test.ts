import type { LeafSource } from '@symbolon/log/leaf-source';
import { describe, expect, it } from 'vitest';
import { joinSources } from './join-sources.ts';

/** So many leaves wait. */
const waiting = (count: number, settle: LeafSource['settle'] = async () => undefined): LeafSource => ({
  pending: async (limit, memory) => ({
    leaves: Array.from({ length: Math.min(limit, count) }, (_, note) => ({ leaf: Uint8Array.of(1), note })),
    memory,
  }),
  settle,
});
const quiet = () => undefined;

describe('regions that log in one place', () => {
  it('what idle ones leave of a round goes to those that have more', async () => {
    const idle = Array.from({ length: 99 }, (_, i) => [`P.d${i}`, waiting(0)] as const);
    const one = joinSources(new Map([['P', waiting(10_000)], ...idle]), quiet);
    expect((await one.pending(4096, null)).leaves).toHaveLength(4096);
    const two = joinSources(new Map([...idle, ['P', waiting(10_000)], ['Q', waiting(3000)]]), quiet);
    const { leaves } = await two.pending(4096, null);
    expect(leaves).toHaveLength(4096);
    // More regions than leaves in a round: none gets more than there is.
    expect((await two.pending(7, null)).leaves).toHaveLength(7);
  });

  it('one that cannot settle is told and left out, and keeps nobody else from it', async () => {
    const told: string[] = [];
    const settled: number[] = [];
    const away = waiting(2, () => Promise.reject(new Error('the table is away')));
    const well = waiting(2, async (placed) => {
      settled.push(...placed.map(({ index }) => index));
    });
    const sources = new Map([
      ['P', well],
      ['P.d', away],
    ]);
    const joined = joinSources(sources, (region) => told.push(region));
    const { leaves } = await joined.pending(10, null);
    const placed = leaves.map(({ note }, index) => ({ index, note }));
    const left = await joined.settleSome?.(placed);
    expect(settled).toEqual([0, 1]);
    expect(left?.map(({ index }) => index)).toEqual([2, 3]);
    expect(told).toEqual(['P.d']);
    const regions = (await joined.pending(10, null, left)).leaves.map(({ note }) => note);
    expect(regions).toEqual([0, 1].map((note) => ({ region: 'P', note })));
    // One that was taken out of the configuration is such a region too.
    const without = joinSources(new Map([['P', well]]), quiet);
    expect(await without.settleSome?.(left ?? [])).toEqual(left);
  });
});

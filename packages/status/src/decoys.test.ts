import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, addSeconds, parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { type DecoyList, decoyCount, decoysOf, positionsToLease, writeDecoys } from './decoys.ts';
import { indexPermutation } from './index-permutation.ts';
import { STATUS } from './status-value.ts';

const EXPIRES = parseInstant('2026-09-08T08:00:00Z');
const BEGINS = addHours(EXPIRES, -24);
const random = insecureRandomFromSeed('decoys');
const list = (size = LIMITS.statusListEntries): DecoyList => ({
  seed: random(32),
  size,
  expiresAt: EXPIRES,
  lifeHours: 24,
});
const TTL = 300;

/** What shows in each step of the list's life. */
function steps(of: DecoyList): Uint8Array[] {
  return Array.from({ length: (24 * 3600) / TTL + 1 }, (_, step) => {
    const entries = new Uint8Array(of.size);
    writeDecoys(entries, of, addSeconds(BEGINS, step * TTL), TTL);
    return entries;
  });
}

describe('decoys', () => {
  it('are positions that are never leased, and too few to make a list much larger', () => {
    for (const size of [1, 4, 64, 256, 4096, LIMITS.statusListEntries]) {
      expect(positionsToLease(size) + decoyCount(size)).toBe(size);
    }
    expect(decoyCount(LIMITS.statusListEntries)).toBeLessThan(LIMITS.statusListEntries / 1000 / 5);
    const of = list(4096);
    const { indexAt } = indexPermutation(of.seed, of.size);
    const leased = new Set(Array.from({ length: positionsToLease(of.size) }, (_, i) => indexAt(i)));
    expect(decoysOf(of).some(({ index }) => leased.has(index))).toBe(false);
    expect(new Set(decoysOf(of).map(({ index }) => index)).size).toBe(decoyCount(4096));
  });

  it('change over the whole life of a list, a few at a time and alone; some are restored, the revoked ones never', () => {
    const of = list(2 ** 17);
    const shown = steps(of);
    expect(shown[0]?.some((value) => value !== 0)).toBe(false);
    const marked = new Map<number, number>();
    let changes = 0;
    let restored = 0;
    let most = 0;
    for (const [step, entries] of shown.entries()) {
      let here = 0;
      for (const { index } of decoysOf(of)) {
        const [before, after] = [shown[step - 1]?.[index] ?? 0, entries[index] ?? 0];
        if (before === after) continue;
        here++;
        if (after === 0) restored++;
        expect(before).not.toBe(STATUS.INVALID);
        marked.set(index, after);
      }
      changes += here;
      most = Math.max(most, here);
    }
    // 16 decoys at 289 steps.
    expect(marked.size).toBe(decoyCount(of.size));
    expect(restored).toBeGreaterThan(0);
    expect(restored).toBeLessThan(marked.size);
    expect(changes).toBe(marked.size + restored);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('show only what issuers say of entries: suspended or revoked, and never contested, which nothing sets', () => {
    const values = decoysOf(list()).map(({ value }) => value);
    const revoked = values.filter((value) => value === STATUS.INVALID).length;
    expect(new Set(values)).toEqual(new Set([STATUS.INVALID, STATUS.SUSPENDED]));
    expect(revoked / values.length).toBeGreaterThan(1 / 16);
    expect(revoked / values.length).toBeLessThan(1 / 4);
  });

  it('in a third of all steps of the largest list or more, one moves', () => {
    const of = list();
    const moves = decoysOf(of).flatMap(({ from, until }) => [from, until].filter((at) => at < EXPIRES));
    const moving = new Set(moves.map((at) => Math.ceil((at - BEGINS) / TTL)));
    expect(moving.size).toBeGreaterThan((24 * 3600) / TTL / 3);
  });

  it('follow from the seed and the step alone, and stand still within a step', () => {
    const of = list(2 ** 17);
    const at = (seconds: number, from: DecoyList = of) => {
      const entries = new Uint8Array(from.size);
      writeDecoys(entries, from, addSeconds(addHours(BEGINS, 12), seconds), TTL);
      return Buffer.from(entries).toString('base64');
    };
    expect(at(299)).toBe(at(0));
    expect(at(0, { ...of, seed: Uint8Array.from(of.seed) })).toBe(at(0));
    expect(at(0, { ...of, seed: random(32) })).not.toBe(at(0));
    expect(at(6 * 3600)).not.toBe(at(0));
  });
});

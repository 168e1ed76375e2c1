import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { LIMITS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { packCompact, unpackCompact } from './compact-entries.ts';
import { indexPermutation } from './index-permutation.ts';

const random = insecureRandomFromSeed('compact');

/** As many entries as wanted of each value, anywhere. */
function list(size: number, ...counts: readonly number[]): Uint8Array {
  const { indexAt } = indexPermutation(random(32), size);
  const entries = new Uint8Array(size);
  let position = 0;
  for (const [i, count] of counts.entries())
    for (let n = 0; n < count; n++) entries[indexAt(position++)] = i + 1;
  return entries;
}

describe('a sparse list, gap-coded', () => {
  it.each([
    [1, 0, 0, 0],
    [1, 1, 0, 0],
    [7, 2, 3, 2],
    [4096, 0, 41, 0],
    [4096, 5, 400, 9],
    [4096, 0, 4096, 0],
    [LIMITS.statusListEntries, 30, 1049, 8],
  ])('%i entries of which %i, %i and %i have a value come back as they were', (size, ...counts) => {
    const entries = list(size, ...counts);
    expect(unpackCompact(packCompact(entries), size)).toEqual(entries);
  });

  it.each([0.001, 0.01, 0.05])('with a share of %d it is near to the entropy of the indices', (share) => {
    const count = Math.round(LIMITS.statusListEntries * share);
    let entropy = 0;
    for (let i = 0; i < count; i++) entropy += Math.log2((LIMITS.statusListEntries - i) / (i + 1));
    const { length } = packCompact(list(LIMITS.statusListEntries, 0, count, 0));
    expect((8 * length) / entropy).toBeGreaterThan(1);
    expect((8 * length) / entropy).toBeLessThan(1.05);
  });

  it('REQ-STA-006 what is cut off, too long, filled up or points outside is refused', () => {
    const entries = list(512, 3, 9, 1);
    const good = packCompact(entries);
    for (let length = 0; length < good.length; length++)
      expect(() => unpackCompact(good.slice(0, length), 512)).toThrowError(
        expect.objectContaining({ code: 'status-list-malformed' }),
      );
    for (const bytes of [Uint8Array.of(...good, 0), Uint8Array.of(...good, 1)])
      expect(() => unpackCompact(bytes, 512)).toThrowError(
        expect.objectContaining({ code: 'status-list-malformed' }),
      );
    const last = entries.findLastIndex((value) => value !== 0);
    expect(() => unpackCompact(good, last)).toThrowError(
      expect.objectContaining({ code: 'status-list-malformed' }),
    );
  });

  it('every change of a bit is refused, or says something else', () => {
    const entries = list(300, 2, 6, 1);
    const good = packCompact(entries);
    for (let bit = 0; bit < good.length * 8; bit++) {
      const changed = Uint8Array.from(good, (byte, i) => (i === bit >> 3 ? byte ^ (128 >> (bit & 7)) : byte));
      let read: Uint8Array | undefined;
      try {
        read = unpackCompact(changed, 300);
      } catch (error) {
        expect(error).toMatchObject({ code: 'status-list-malformed' });
      }
      expect(read).not.toEqual(entries);
    }
  });

  it('is not read as a list of a size that no list has', () => {
    for (const size of [0, -1, 1.5, LIMITS.statusListEntries + 1, Number.NaN])
      expect(() => unpackCompact(packCompact(Uint8Array.of(1)), size)).toThrowError(
        expect.objectContaining({ code: 'status-list-malformed', bound: LIMITS.statusListEntries }),
      );
  });

  it('is not made of other values, or of too many', () => {
    for (const entries of [Uint8Array.of(4), new Uint8Array(0), new Uint8Array(LIMITS.statusListEntries + 1)])
      expect(() => packCompact(entries)).toThrowError(
        expect.objectContaining({ code: 'status-list-malformed' }),
      );
  });
});

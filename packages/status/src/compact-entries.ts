import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { BitReader, BitWriter } from './bits.ts';

/** The values that are written: 1, 2, 3. What is not written is 0. */
const VALUES = [1, 2, 3] as const;
const COUNT_BITS = 21;
const PARAMETER_BITS = 5;
const LONGEST_PARAMETER = 20;

/**
 * A sparse list in the least space that a simple code takes: for each value in turn how many entries have it (21 bits), a parameter k (5 bits), and the gaps
 * between their indices as Rice codes (Golomb codes with a power of two): `gap >> k` ones, a zero, and the low k bits. Filled up with zeros to whole bytes.
 *
 * @throws SymbolonError `status-list-malformed` for another value, or more than `LIMITS.statusListEntries`
 */
export function packCompact(entries: Uint8Array): Bytes {
  if (entries.length < 1 || entries.length > LIMITS.statusListEntries)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListEntries });
  if (entries.some((value) => value > 3)) throw new SymbolonError('status-list-malformed', { bound: 3 });
  const out = new BitWriter();
  for (const value of VALUES) {
    const gaps = gapsOf(entries, value);
    const k = bestParameter(gaps);
    out.write(gaps.length, COUNT_BITS);
    out.write(k, PARAMETER_BITS);
    for (const gap of gaps) {
      out.writeOnes(gap >> k);
      out.write(gap & (2 ** k - 1), k);
    }
  }
  return out.bytes();
}

/**
 * @param size entries of the list, at most `LIMITS.statusListEntries`
 * @throws SymbolonError `status-list-malformed`: cut off, too long, filled up with anything but zeros, an index outside the list or with two values
 */
export function unpackCompact(bytes: Uint8Array, size: number): Uint8Array {
  if (!Number.isSafeInteger(size) || size < 1 || size > LIMITS.statusListEntries)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListEntries });
  const entries = new Uint8Array(size);
  const bits = new BitReader(bytes);
  for (const value of VALUES) {
    const count = bits.read(COUNT_BITS);
    const k = bits.read(PARAMETER_BITS);
    if (count > size || k > LONGEST_PARAMETER) throw new SymbolonError('status-list-malformed');
    let index = -1;
    for (let i = 0; i < count; i++) {
      index += 1 + bits.readOnes() * 2 ** k + bits.read(k);
      if (index >= size || entries[index] !== 0) throw new SymbolonError('status-list-malformed');
      entries[index] = value;
    }
  }
  bits.end();
  return entries;
}

function gapsOf(entries: Uint8Array, value: number): number[] {
  const gaps: number[] = [];
  for (let at = entries.indexOf(value), before = -1; at >= 0; at = entries.indexOf(value, at + 1)) {
    gaps.push(at - before - 1);
    before = at;
  }
  return gaps;
}

function bestParameter(gaps: readonly number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= LONGEST_PARAMETER; k++) {
    const bits = gaps.reduce((sum, gap) => sum + (gap >> k) + 1 + k, 0);
    if (bits < least) {
      best = k;
      least = bits;
    }
  }
  return best;
}

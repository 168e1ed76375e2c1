import { sha256 } from '@symbolon/keys/digest';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';

/** As many as FF1 has (NIST SP 800-38G): with halves of a few bits, fewer can be told from chance. */
const ROUNDS = 10;
export const SEED_BYTES = 32;
const LABEL = utf8('symbolon status index\0');

/**
 * Which index of a status list each position has: a bijection on 0 to `size - 1` that nobody can tell from a random one without the seed. Positions are handed
 * out in order, by whoever; so no index is taken twice, and an index says nothing of when, or beside which other, it was (Token Status List, section 13.2).
 */
export interface IndexPermutation {
  readonly size: number;
  /** @throws RangeError unless `position` is a whole number from 0 to `size - 1` */
  indexAt(position: number): number;
}

/**
 * A Feistel network over the next even number of bits, whose round functions are tables of SHA-256 outputs. What falls outside is put in again until
 * it falls inside (cycle walking): fewer than four times on average.
 *
 * @param seed 32 secret bytes
 * @param size at most `LIMITS.statusListEntries`
 * @throws RangeError
 */
export function indexPermutation(seed: Uint8Array, size: number): IndexPermutation {
  if (seed.length !== SEED_BYTES) throw new RangeError('a seed has 32 bytes');
  if (!Number.isSafeInteger(size) || size < 1 || size > LIMITS.statusListEntries)
    throw new RangeError('no such list');
  const halfBits = Math.max(1, Math.ceil(Math.log2(size) / 2));
  const half = 2 ** halfBits;
  const rounds = roundTables(seed, size, half);

  const permuted = (value: number): number => {
    let left = value >>> halfBits;
    let right = value & (half - 1);
    for (let round = 0; round < ROUNDS; round++) {
      const mixed = left ^ (rounds[round * half + right] ?? 0);
      left = right;
      right = mixed;
    }
    return (left << halfBits) | right;
  };
  return {
    size,
    indexAt: (position) => {
      if (!Number.isSafeInteger(position) || position < 0 || position >= size)
        throw new RangeError('no such position');
      let index = permuted(position);
      while (index >= size) index = permuted(index);
      return index;
    },
  };
}

/** Sixteen values of a table from each hash. */
function roundTables(seed: Uint8Array, size: number, half: number): Uint16Array {
  const tables = new Uint16Array(ROUNDS * half);
  const input = concatBytes(LABEL, seed, new Uint8Array(8));
  const counters = new DataView(input.buffer, input.length - 8);
  counters.setUint32(0, size);
  for (let at = 0, block = 0; at < tables.length; block++) {
    counters.setUint32(4, block);
    const hash = sha256(input);
    for (let i = 0; i + 1 < hash.length && at < tables.length; i += 2) {
      tables[at++] = (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) & (half - 1);
    }
  }
  return tables;
}

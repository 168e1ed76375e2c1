import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RandomBytes } from '@symbolon/protocol/random';
import { SEED_BYTES } from '@symbolon/status/index-permutation';

/** The last bytes of a seed say how many entries the list has, big-endian; the 29 before them are random. */
const SIZE_AT = SEED_BYTES - 3;

export interface ListSeed {
  /** All 32 bytes. */
  readonly seed: Bytes;
  readonly entries: number;
}

/**
 * A list's secret with its size in it: a list keeps the size that it began with when the setting changes meanwhile, or an index could be taken twice.
 */
export function newListSeed(random: RandomBytes, entries: number): string {
  const seed = random(SEED_BYTES);
  seed[SIZE_AT] = entries >>> 16;
  seed[SIZE_AT + 1] = entries >>> 8;
  seed[SIZE_AT + 2] = entries;
  return encodeBase64url(seed);
}

/** @throws SymbolonError `storage-failed` when what is stored is no such seed */
export function readListSeed(text: string): ListSeed {
  const seed = decoded(text);
  const entries = new DataView(seed.buffer, seed.byteOffset).getUint32(SIZE_AT - 1) & 0xff_ffff;
  if (entries < 1 || entries > LIMITS.statusListEntries) throw new SymbolonError('storage-failed');
  return { seed, entries };
}

function decoded(text: string): Bytes {
  try {
    const seed = decodeBase64url(text);
    if (seed.length === SEED_BYTES) return seed;
  } catch {
    // Told below.
  }
  throw new SymbolonError('storage-failed');
}

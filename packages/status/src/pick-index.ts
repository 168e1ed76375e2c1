import { SymbolonError } from '@symbolon/protocol/errors';
import type { RandomBytes } from '@symbolon/protocol/random';

/** Draws at random before the free entries are counted instead: below a half-full list, one try in 2^64 needs that. */
const DRAWS = 64;
/** A fair source is rejected this often in a row once in 2^128 times. */
const REJECTIONS = 128;

export interface IndexSpace {
  /** Entries of the list, at most 2^32. */
  readonly size: number;
  readonly taken: (index: number) => boolean;
  readonly random: RandomBytes;
}

/**
 * A free index, each as likely as any other, so that it says nothing of when a credential was issued or beside which other (Token
 * Status List, section 13.2). The caller takes it, by a write that fails when someone else took it first.
 *
 * @returns undefined when no entry is free
 */
export function pickIndex({ size, taken, random }: IndexSpace): number | undefined {
  if (!Number.isSafeInteger(size) || size < 1) return undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const index = uniformBelow(size, random);
    if (!taken(index)) return index;
  }
  return pickAmongFree({ size, taken, random });
}

function pickAmongFree({ size, taken, random }: IndexSpace): number | undefined {
  const free: number[] = [];
  for (let index = 0; index < size; index++) if (!taken(index)) free.push(index);
  return free.length === 0 ? undefined : free[uniformBelow(free.length, random)];
}

/** A whole number below `bound`, each as likely. Numbers at or above the bound are drawn again: a remainder would favour low ones. */
function uniformBelow(bound: number, random: RandomBytes): number {
  const mask = 2 ** Math.ceil(Math.log2(bound)) - 1;
  for (let draw = 0; draw < REJECTIONS; draw++) {
    const { buffer, byteOffset } = random(4);
    const value = (new DataView(buffer, byteOffset, 4).getUint32(0) & mask) >>> 0;
    if (value < bound) return value;
  }
  throw new SymbolonError('internal-error');
}

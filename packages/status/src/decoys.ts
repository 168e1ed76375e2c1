import { sha256 } from '@symbolon/keys/digest';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { indexPermutation } from './index-permutation.ts';
import { STATUS } from './status-value.ts';

/** One decoy for so many entries: a list with one in a thousand withdrawn grows by a tenth at most. */
const ENTRIES_OF_A_DECOY = 8192;
const FEWEST = 4;
const LABEL = utf8('symbolon decoy\0');

/**
 * Positions of a list that are never leased, from `positionsToLease` on: its decoys. They change as withdrawn credentials do, in the same steps and alone
 * too, so that one change in a list does not prove that somebody's credential was withdrawn (protocol, section 7). How many *more* changed than decoys can
 * explain is still to be seen: a withdrawal of many at once does not hide.
 */
export function decoyCount(size: number): number {
  return Math.min(size, Math.max(FEWEST, Math.ceil(size / ENTRIES_OF_A_DECOY)));
}

/** How many positions may be leased: 0 up to this. */
export function positionsToLease(size: number): number {
  return size - decoyCount(size);
}

export interface DecoyList {
  /** The list's secret, 32 bytes. */
  readonly seed: Uint8Array;
  readonly size: number;
  readonly expiresAt: Instant;
  /** For how many hours before its expiry the list is in use: the longest validity of a credential in it. */
  readonly lifeHours: number;
}

export interface Decoy {
  readonly index: number;
  readonly value: number;
  /** Seconds since 1970; it shows in the first publication from then on, up to `until`. */
  readonly from: number;
  /** Infinity: it stays. */
  readonly until: number;
}

/**
 * All decoys of a list with their times. They follow from the list's seed alone, so that every run of the publisher, wherever, shows the same.
 *
 * As of real changes: most are suspensions, of which about half are restored some hours later; the few revocations stay.
 */
export function decoysOf(list: DecoyList): readonly Decoy[] {
  const { seed, size, expiresAt, lifeHours } = list;
  const permutation = indexPermutation(seed, size);
  const life = lifeHours * HOUR_SECONDS;
  const begin = expiresAt - life;
  const first = positionsToLease(size);
  return Array.from({ length: decoyCount(size) }, (_, which) => {
    const [start, duration, kind, restored] = drawn(seed, which);
    const from = begin + start * life;
    // Never CONTESTED: as long as no issuer sets it, that value would tell a decoy.
    const value = kind < 1 / 8 ? STATUS.INVALID : STATUS.SUSPENDED;
    const stays = value === STATUS.INVALID || restored < 1 / 2;
    return {
      index: permutation.indexAt(first + which),
      value,
      from,
      until: stays ? Number.POSITIVE_INFINITY : from + (duration * life) / 2,
    };
  });
}

/**
 * Writes the decoys that show in the publication step in which `now` lies.
 *
 * @param entries one value per entry, changed in place
 * @param stepSeconds how often lists are published: within a step nothing changes
 */
export function writeDecoys(entries: Uint8Array, list: DecoyList, now: Instant, stepSeconds: number): void {
  const step = now - (now % stepSeconds);
  for (const { index, value, from, until } of decoysOf(list)) {
    if (from <= step && step < until) entries[index] = value;
  }
}

/** Four numbers from 0 up to 1, the decoy's own. */
function drawn(seed: Uint8Array, which: number): [number, number, number, number] {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, which);
  const view = new DataView(sha256(concatBytes(LABEL, seed, number)).buffer);
  const at = (place: number) => view.getUint32(4 * place) / 2 ** 32;
  return [at(0), at(1), at(2), at(3)];
}

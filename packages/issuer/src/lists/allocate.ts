import { SymbolonError } from '@symbolon/protocol/errors';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { pickIndex } from '@symbolon/status/pick-index';
import type { ListStore } from '../ports.ts';

/** Lists of one expiry hour: when one is full, the next is used. */
const LISTS_PER_HOUR = 8;
/** A random index is free with a probability of a half at least, so this many misses mean a full list. */
const TRIES = 24;

/**
 * Takes a random entry of a list of this expiry hour. Lists are grouped by expiry and dropped with it, and the index says nothing of
 * when or to whom the credential was issued (protocol, section 7).
 *
 * @throws SymbolonError `status-list-full`
 */
export async function takeEntry(
  lists: ListStore,
  issuer: string,
  expiresAt: Instant,
  listEntries: number,
  random: RandomBytes,
): Promise<StatusEntry> {
  for (let list = 0; list < LISTS_PER_HOUR; list++) {
    const uri = listUri(issuer, expiresAt, list);
    const missed = new Set<number>();
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const idx = pickIndex({ size: listEntries, taken: (index) => missed.has(index), random });
      if (idx !== undefined && (await lists.take({ idx, uri }, expiresAt))) return { idx, uri };
      if (idx !== undefined) missed.add(idx);
    }
  }
  throw new SymbolonError('status-list-full');
}

/** `<issuer>/lists/494763`, then `494763-1`: the expiry in hours since 1970, and which list of that hour. */
export function listUri(issuer: string, expiresAt: Instant, list = 0): string {
  const hour = `${issuer}/lists/${expiresAt / HOUR_SECONDS}`;
  return list === 0 ? hour : `${hour}-${list}`;
}

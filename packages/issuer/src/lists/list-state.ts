import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { writeDecoys } from '@symbolon/status/decoys';
import { statusValueOf } from '@symbolon/status/status-value';
import type { ListRecord, ListStore } from '../ports.ts';
import { readListSeed } from './list-seed.ts';
import { listUri } from './list-uri.ts';

/** A list that is to be published: all its forms say what `entries` says. */
export interface ListState {
  readonly uri: string;
  readonly expiresAt: Instant;
  /** The token value of each entry; entry 0 first. */
  readonly entries: Uint8Array;
}

export interface ListStateSettings {
  readonly issuer: string;
  readonly ttlSeconds: number;
  readonly aheadHours: number;
  readonly lifeHours: number;
}

/** The state of a list that is in use: what is said of its entries, by precedence, and its decoys. @throws SymbolonError `storage-failed` */
export async function usedList(
  lists: ListStore,
  { uri, expiresAt, seed }: ListRecord,
  { lifeHours, ttlSeconds }: ListStateSettings,
  now: Instant,
): Promise<ListState> {
  const secret = readListSeed(seed);
  const entries = new Uint8Array(secret.entries);
  const decoys = { seed: secret.seed, size: secret.entries, expiresAt, lifeHours };
  writeDecoys(entries, decoys, now, ttlSeconds);
  // No decoy is ever leased, so neither overwrites the other.
  for (const { idx, ...flags } of await lists.flagged(uri)) entries[idx] = statusValueOf(flags);
  return { uri, expiresAt, entries };
}

/** Lists of the coming hours, before their first credential. */
export function upcomingLists(
  { issuer, aheadHours }: ListStateSettings,
  now: Instant,
): Pick<ListState, 'uri' | 'expiresAt'>[] {
  const first = hourFloor(now);
  return Array.from({ length: aheadHours }, (_, hour) => {
    const expiresAt = addHours(first, hour + 1);
    return { uri: listUri(issuer, expiresAt), expiresAt };
  });
}

import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { positionsToLease } from '@symbolon/status/decoys';
import { type IndexPermutation, indexPermutation } from '@symbolon/status/index-permutation';
import type { ListStore } from '../ports.ts';
import { newListSeed, readListSeed } from './list-seed.ts';
import { LISTS_PER_HOUR, listUri } from './list-uri.ts';
import { shuffled } from './shuffled.ts';

export interface EntryAllocator {
  /**
   * Takes `count` entries of lists of this expiry hour that nobody has or will have.
   *
   * @throws SymbolonError `status-list-full`: nothing was taken then
   */
  take(issuer: string, expiresAt: Instant, count: number): Promise<StatusEntry[]>;
}

export interface AllocatorOptions {
  readonly lists: ListStore;
  readonly random: RandomBytes;
  /** Entries of a list that begins now. */
  readonly listEntries: number;
}

/** Expiry hours whose blocks are kept. Beyond that the rest of the oldest one's block is lost. */
const POOLS = 64;

interface Pool {
  readonly free: StatusEntry[];
  /** Which list of the hour is leased from. */
  list: number;
  /** Settled when whoever came before has taken theirs. */
  queue: Promise<unknown>;
}

/**
 * Status entries from leased blocks of positions (`LIMITS.listBlock`): one conditional write for many entries, and no item for each. A process keeps one of
 * these; when it dies, the rest of its blocks is lost and nothing else. Positions are handed out in random order, and the list's permutation says which
 * index each has, so an index tells nothing of when, to whom, or beside which other it was given (protocol, section 7).
 *
 * Calls for one hour wait for one another, so two at once do not both lease where one block is enough.
 */
export function entryAllocator({ lists, random, listEntries }: AllocatorOptions): EntryAllocator {
  const pools = new Map<string, Pool>();
  /** By seed: making one costs as much as ten signatures. */
  const permutations = new Map<string, IndexPermutation>();

  const permutationOf = (seed: string): IndexPermutation => {
    const { seed: bytes, entries } = readListSeed(seed);
    const permutation = permutations.get(seed) ?? indexPermutation(bytes, entries);
    permutations.set(seed, permutation);
    forgetOldest(permutations);
    return permutation;
  };

  const poolOf = (key: string): Pool => {
    const pool = pools.get(key) ?? { free: [], list: 0, queue: Promise.resolve() };
    pools.delete(key);
    pools.set(key, pool);
    forgetOldest(pools);
    return pool;
  };

  const fill = async (pool: Pool, issuer: string, expiresAt: Instant, count: number): Promise<void> => {
    while (pool.free.length < count) {
      // REQ-ISS-016: what this process still has of earlier blocks stays here for a smaller batch.
      if (pool.list >= LISTS_PER_HOUR) throw new SymbolonError('status-list-full');
      const uri = listUri(issuer, expiresAt, pool.list);
      const block = await leaseBlock(uri, expiresAt);
      if (block === undefined) pool.list++;
      else pool.free.push(...shuffled(block, random));
    }
  };

  /** Undefined when the list is full. */
  const leaseBlock = async (uri: string, expiresAt: Instant): Promise<StatusEntry[] | undefined> => {
    const seed = newListSeed(random, listEntries);
    const lease = await lists.lease({ uri, expiresAt, seed }, blocksOf(listEntries));
    if (lease === undefined) return undefined;
    const permutation = permutationOf(lease.seed);
    // The list may have begun under another size than is set now.
    if (lease.block >= blocksOf(permutation.size)) return undefined;
    const first = lease.block * LIMITS.listBlock;
    return Array.from({ length: LIMITS.listBlock }, (_, i) => ({ idx: permutation.indexAt(first + i), uri }));
  };

  return {
    take: (issuer, expiresAt, count) => {
      const pool = poolOf(`${expiresAt} ${issuer}`);
      const taken = pool.queue.then(async () => {
        await fill(pool, issuer, expiresAt, count);
        return pool.free.splice(0, count);
      });
      pool.queue = taken.catch(() => undefined);
      return taken;
    },
  };
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > POOLS && oldest !== undefined) map.delete(oldest);
}

function blocksOf(entries: number): number {
  return Math.floor(positionsToLease(entries) / LIMITS.listBlock);
}

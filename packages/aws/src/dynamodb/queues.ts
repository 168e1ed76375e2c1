import type { Instant } from '@symbolon/protocol/instant';
import { type Item, N, number, S, text } from './attributes.ts';
import type { Items } from './items.ts';
import { shardOf, shards } from './shards.ts';
import { QUEUE_INDEX } from './table.ts';

const { partition: QUEUE, sort: QUEUED_AT } = QUEUE_INDEX;

/** The queues there are: the partitions of the index. An item is in one of them at most. */
export const QUEUES = {
  log: 'LOG#',
  witnesses: 'WITNESS#',
  batches: 'BATCHES',
  proposals: 'PROPOSALS',
  passed: 'PASSED',
  bursts: 'BURSTS',
  settledBursts: 'BURST-LEAVES',
} as const;

/** Every decision passes through the log's queue, and in an outbreak most of them through that of the witnesses: so both are spread by subject. */
const LOG_SHARDS = 16;
export const LOG_QUEUES = shards(QUEUES.log, LOG_SHARDS);
export const WITNESS_QUEUES = shards(QUEUES.witnesses, LOG_SHARDS);
export function logQueueOf(subject: string): string {
  return `${QUEUES.log}${shardOf(subject, LOG_SHARDS)}`;
}

/** The change by which a decision that is in the log's queue waits for witnesses instead, since when it waited. */
export function toWitnesses(subject: string): Item {
  return { [QUEUE]: S(`${QUEUES.witnesses}${shardOf(subject, LOG_SHARDS)}`) };
}

/** The attributes by which an item waits in a queue. An item without them is in none. */
export function inQueue(queue: string, since: Instant): Item {
  return { [QUEUE]: S(queue), [QUEUED_AT]: N(since) };
}

export const OUT_OF_QUEUE: readonly string[] = [QUEUE, QUEUED_AT];

/**
 * The items that wait in some queues, oldest first: each is read consistently, and what the index still shows but the item no longer says is left out. It may miss
 * what began to wait a moment ago.
 */
export async function waiting(
  items: Items,
  queues: readonly string[],
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> {
  // Rows that the index shows wrongly must not keep the others out: then more rows are read.
  for (let rows = limit; ; rows *= 2) {
    const shown = await Promise.all(queues.map((queue) => items.queued(queue, rows)));
    const oldest = shown
      .flat()
      .toSorted((a, b) => number(a, QUEUED_AT) - number(b, QUEUED_AT))
      .slice(0, rows);
    const live = await stillWaiting(items, oldest);
    if (live.length >= limit || oldest.length < rows) return live.slice(0, limit);
  }
}

/** So many at once: a client has as many connections. */
const READ_AT_ONCE = 50;

async function stillWaiting(items: Items, rows: readonly Item[]): Promise<readonly Item[]> {
  const live: Item[] = [];
  for (let from = 0; from < rows.length; from += READ_AT_ONCE) {
    const read = rows.slice(from, from + READ_AT_ONCE).map(async (row) => {
      const item = await items.get({ pk: text(row, 'pk'), sk: text(row, 'sk') });
      return item !== undefined && item[QUEUE]?.S === row[QUEUE]?.S ? [item] : [];
    });
    live.push(...(await Promise.all(read)).flat());
  }
  return live;
}

import { sha256 } from '@symbolon/keys/digest';
import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Items } from './items.ts';

const HEX = 16;
const DIGITS = 2;

/** The partition of one of `count` (at most 256) that a text falls into: as evenly as its hash. */
export function shardOf(key: string, count: number): string {
  return shardName((sha256(utf8(key))[0] ?? 0) % count);
}

export function shardName(shard: number): string {
  return shard.toString(HEX).padStart(DIGITS, '0');
}

/** Every partition of `count`: `<prefix><shard>`. */
export function shards(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, shard) => `${prefix}${shardName(shard)}`);
}

export interface SortKeyPage {
  readonly sortKeys: readonly string[];
  readonly next: string | undefined;
}

const CURSOR = /^([0-9a-f]{2})\.(.+)$/s;

/**
 * One page of the sort keys in all partitions of a set, partition by partition: the order does not change. A cursor is the shard and the last sort key.
 *
 * @throws SymbolonError `storage-failed` for what is no cursor
 */
export async function pageOfShards(
  items: Items,
  prefix: string,
  count: number,
  after: string | undefined,
  limit: number,
): Promise<SortKeyPage> {
  const cursor = after === undefined ? undefined : CURSOR.exec(after);
  const first = Number.parseInt(cursor?.[1] ?? shardName(0), HEX);
  if (cursor === null || first >= count) throw new SymbolonError('storage-failed', { path: 'after' });
  const found: { readonly shard: number; readonly sk: string }[] = [];
  // One more than asked for tells whether there is a next page.
  for (let shard = first; shard < count && found.length <= limit; shard++) {
    const from = shard === first ? cursor?.[2] : undefined;
    const page = await items.query(`${prefix}${shardName(shard)}`, {
      limit: limit + 1 - found.length,
      ...(from === undefined ? {} : { after: from }),
    });
    found.push(...page.map(({ sk }) => ({ shard, sk: sk?.S ?? '' })));
  }
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    sortKeys: page.map(({ sk }) => sk),
    next: last && `${shardName(last.shard)}.${last.sk}`,
  };
}

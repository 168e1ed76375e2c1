import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.ts';
import { QUEUE_INDEX } from './table.ts';

/** Which items of a partition: all of them, those whose sort key starts so, or those that come after one. */
export interface Within {
  readonly prefix?: string;
  readonly after?: string;
  readonly limit?: number;
  readonly newestFirst?: boolean;
}

export type QueryInput = Omit<QueryCommandInput, 'TableName'>;
/** One page of what a query finds. */
export type Found = (
  input: QueryInput,
) => Promise<{ readonly items: readonly Item[]; readonly next: Item | undefined }>;

export function keyOf({ pk, sk }: { readonly pk: string; readonly sk: string }): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

export function withinPartition(
  pk: AttributeValue,
  { prefix, after, newestFirst = false }: Within,
): QueryInput {
  const [condition, bound] = after !== undefined ? ['sk > :sk', after] : ['begins_with(sk, :sk)', prefix];
  return {
    ConsistentRead: true,
    KeyConditionExpression: bound === undefined ? 'pk = :pk' : `pk = :pk AND ${condition}`,
    ExpressionAttributeValues: { ':pk': pk, ...(bound === undefined ? {} : { ':sk': { S: bound } }) },
    ScanIndexForward: !newestFirst,
  };
}

/** An index cannot be read consistently. */
export function withinIndex(queue: AttributeValue): QueryInput {
  return {
    IndexName: QUEUE_INDEX.name,
    KeyConditionExpression: '#queue = :pk',
    ExpressionAttributeNames: { '#queue': QUEUE_INDEX.partition },
    ExpressionAttributeValues: { ':pk': queue },
  };
}

/** Pages to the end (DynamoDB answers 1 MB at a time), or until there are `limit` items. */
export async function query(
  found: Found,
  input: QueryInput,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let from: Item | undefined;
  do {
    const { items, next } = await found({
      ...input,
      ...(Number.isFinite(limit) ? { Limit: limit - all.length } : {}),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    all.push(...items);
    from = next;
  } while (from !== undefined && all.length < limit);
  return all;
}

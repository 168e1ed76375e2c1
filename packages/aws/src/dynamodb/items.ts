import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';

export type Item = Record<string, AttributeValue>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The few item operations that the stores are made of. */
export interface Items {
  get(key: Key): Promise<Item | undefined>;
  /** Puts an item where there is none. False when there is one. */
  insert(key: Key, item: Item): Promise<boolean>;
  /** Puts an item only if `condition` holds for what is there. False when it does not. */
  putIf(key: Key, item: Item, condition: string, values?: Item): Promise<boolean>;
  /** Deletes an item only if it is there and expires after `now`. */
  take(key: Key, now: Instant): Promise<boolean>;
  /** Every item of a partition whose sort key starts so: pages to the end, consistently. */
  query(pk: string, skPrefix: string, newestFirst?: { readonly limit: number }): Promise<Item[]>;
}

const KEY_ABSENT = 'attribute_not_exists(pk)';

export function itemsOf(client: DynamoDBClient, table: string): Items {
  const keyOf = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

  const putIf: Items['putIf'] = (key, item, condition, values) =>
    unlessConditionFails(() =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...item, ...keyOf(key) },
          ConditionExpression: condition,
          ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        }),
      ),
    );

  return {
    putIf,
    insert: (key, item) => putIf(key, item, KEY_ABSENT),
    get: async (key) => {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
      );
      return item;
    },
    take: (key, now) =>
      unlessConditionFails(() =>
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: keyOf(key),
            ConditionExpression: 'attribute_exists(pk) AND expiresAt > :now',
            ExpressionAttributeValues: { ':now': { N: String(now) } },
          }),
        ),
      ),
    query: async (pk, skPrefix, newestFirst) => {
      const found: Item[] = [];
      let from: Item | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: skPrefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
            ExpressionAttributeValues: {
              ':pk': { S: pk },
              ...(skPrefix === '' ? {} : { ':sk': { S: skPrefix } }),
            },
            ...(newestFirst === undefined ? {} : { ScanIndexForward: false, Limit: newestFirst.limit }),
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        );
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined && (newestFirst === undefined || found.length < newestFirst.limit));
      return found;
    },
  };
}

async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw new SymbolonError('storage-failed', { cause: error });
  }
}

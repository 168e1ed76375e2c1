import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { type Item, N, S } from './attributes.ts';
import { type Found, keyOf, query, type Within, withinIndex, withinPartition } from './query.ts';
import { type Change, type Only, updateExpression } from './update-expression.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The few item operations that the stores are made of. Reads are consistent. Every other failure than a condition's is `storage-failed`. */
export interface Items {
  get(key: Key): Promise<Item | undefined>;
  /** Puts an item where there is none. False when there is one. */
  insert(key: Key, item: Item): Promise<boolean>;
  /** Puts an item over one whose attribute `name` is `was`. False when it is another, or there is no item. */
  swap(key: Key, item: Item, name: string, was: AttributeValue): Promise<boolean>;
  /** Changes an item, or makes it. Answers it as it is then; nothing when the condition does not hold. */
  update(key: Key, change: Change, only?: Only): Promise<Item | undefined>;
  /** Deletes an item only if it is there and expires after `now`. */
  take(key: Key, now: Instant): Promise<boolean>;
  /** Items of a partition in the order of their sort keys, all of them unless `limit` says how many. */
  query(pk: string, within?: Within): Promise<readonly Item[]>;
  /** The oldest items of a queue by their keys, as the index has them: a hint. */
  queued(queue: string, limit: number): Promise<readonly Item[]>;
}

export function itemsOf(client: DynamoDBClient, table: string): Items {
  const put = (key: Key, item: Item, condition: Condition) =>
    unlessConditionFails(async () => {
      await client.send(
        new PutItemCommand({ TableName: table, Item: { ...item, ...keyOf(key) }, ...condition }),
      );
      return true;
    });
  const found: Found = (input) =>
    orFails(async () => {
      const { Items: items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({ TableName: table, ...input }),
      );
      return { items, next: LastEvaluatedKey };
    });

  return {
    get: (key) =>
      orFails(async () => {
        const { Item: item } = await client.send(
          new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
        );
        return item;
      }),
    insert: async (key, item) =>
      (await put(key, item, { ConditionExpression: 'attribute_not_exists(pk)' })) ?? false,
    swap: async (key, item, name, was) =>
      (await put(key, item, {
        ConditionExpression: '#name = :was',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':was': was },
      })) ?? false,
    update: (key, change, only) =>
      unlessConditionFails(async () => {
        const { Attributes: item } = await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOf(key),
            ...updateExpression(change, only),
            ReturnValues: 'ALL_NEW',
          }),
        );
        return item ?? {};
      }),
    take: async (key, now) =>
      (await unlessConditionFails(async () => {
        await client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: keyOf(key),
            ConditionExpression: 'attribute_exists(pk) AND expiresAt > :now',
            ExpressionAttributeValues: { ':now': N(now) },
          }),
        );
        return true;
      })) ?? false,
    query: (pk, within = {}) => query(found, withinPartition(S(pk), within), within.limit),
    queued: (queue, limit) => query(found, withinIndex(S(queue)), limit),
  };
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

async function unlessConditionFails<T>(write: () => Promise<T>): Promise<T | undefined> {
  return orFails(async () => {
    try {
      return await write();
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  });
}

// REQ-ISS-018: what was not stored, or cannot be read, is never taken for stored.
async function orFails<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new SymbolonError('storage-failed', { cause: error });
  }
}

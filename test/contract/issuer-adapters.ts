import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type IssuerStores, issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { leanStores } from '../load/lean-stores.ts';

export const NOW = instant(1_800_000_000);
export const LATER = instant(NOW + 3600);
export const TABLE = 'region';

export function at(seconds: number): Instant {
  return instant(NOW + seconds);
}

/** So many callers at once, numbered from 0. */
export function together<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

export interface Started {
  readonly stores: IssuerStores;
  stop(): Promise<void>;
}

export interface StartedDynamoDb extends Started {
  readonly client: DynamoDBClient;
}

/** A database of its own, in a folder that goes with it. */
export async function startTable(): Promise<StartedDynamoDb> {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-dynamodb-'));
  const dynamo = await startDynamoDb(folder, [TABLE]);
  const client = new DynamoDBClient({
    endpoint: dynamo.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client,
    stores: issuerStores(client, TABLE),
    stop: async () => {
      client.destroy();
      await dynamo.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Whatever keeps the contract of the issuer's ports: what the use cases are tested with, what a load of a million is run on, and what is deployed. */
export const ADAPTERS: readonly (readonly [name: string, start: () => Promise<Started>])[] = [
  ['memory', async () => ({ stores: memoryStores(), stop: async () => undefined })],
  ['lean memory', async () => ({ stores: leanStores(), stop: async () => undefined })],
  ['DynamoDB', startTable],
];

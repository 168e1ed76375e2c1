import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { QUEUE_INDEX, tableDefinition } from '@symbolon/aws/dynamodb/table';
import { instant } from '@symbolon/protocol/instant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderError } from './data-folder.ts';
import { startDynamoDb } from './dynamodb.ts';

const TABLE = 'symbolon-CN-BJ';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-dynamodb-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function withDatabase<T>(
  tables: readonly string[],
  work: (client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const { environment, stop } = await startDynamoDb(folder, tables);
  const client = new DynamoDBClient({
    endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    return await work(client);
  } finally {
    client.destroy();
    await stop();
  }
}

interface Rows {
  createKeyStream(): AsyncIterable<string>;
  del(key: string, done: (error?: Error) => void): void;
}
interface Store {
  getIndexDb(type: string, table: string, index: string): Rows;
  readonly db: { close(): Promise<void> };
}

/** Takes every row out of an index, as a kill between the index and the item does. Answers how many there were. */
async function loseIndex(): Promise<number> {
  const { create }: { create(options: { path: string }): Store } = createRequire(import.meta.url)(
    'dynalite/db',
  );
  const store = create({ path: folder });
  const rows = store.getIndexDb('Global', TABLE, QUEUE_INDEX.name);
  const keys: string[] = [];
  for await (const key of rows.createKeyStream()) keys.push(key);
  for (const key of keys)
    await new Promise<void>((resolve, reject) =>
      rows.del(key, (error) => (error ? reject(error) : resolve())),
    );
  await store.db.close();
  return keys.length;
}

const decision = (subject: string) => ({
  subject,
  scheme: 'health',
  sequence: 1,
  level: 'green',
  rule: 'no-risk@1',
  authority: 'cdc',
  evidence: 'none',
  mode: 'automatic' as const,
  decidedAt: instant(1_800_000_000),
});

describe('the database on this machine', () => {
  it('a table of an earlier build is refused in words, and nothing is changed', async () => {
    const { GlobalSecondaryIndexes: _, AttributeDefinitions, ...earlier } = tableDefinition(TABLE);
    await withDatabase([], (client) =>
      client.send(
        new CreateTableCommand({ ...earlier, AttributeDefinitions: AttributeDefinitions.slice(0, 2) }),
      ),
    );
    const started = startDynamoDb(folder, ['symbolon-CN-GD', TABLE]);
    await expect(started).rejects.toThrow(DataFolderError);
    await expect(started).rejects.toThrow(/earlier build.*--reset/);
    const { TableNames } = await withDatabase([], (client) => client.send(new ListTablesCommand({})));
    expect(TableNames).toEqual([TABLE]);
  });

  it('REQ-ISS-037 what a kill took out of the queue is in it again after the next start, and what was settled is not', async () => {
    const refs = ['s1', 's2', 's3'].map((subject) => ({ subject, scheme: 'health', sequence: 1 }));
    await withDatabase([TABLE], async (client) => {
      const { decisions } = issuerStores(client, TABLE);
      for (const { subject } of refs) await decisions.append(decision(subject));
      await decisions.markLogged(
        { subject: 's2', scheme: 'health', sequence: 1 },
        { origin: 'log.test/a', index: 0, salt: 'salt' },
        false,
      );
    });
    expect(await loseIndex()).toBe(2);
    const pending = await withDatabase([TABLE], (client) =>
      issuerStores(client, TABLE).decisions.pending(10),
    );
    expect(pending.map(({ subject }) => subject).toSorted()).toEqual(['s1', 's3']);
    expect(await loseIndex()).toBe(2);
  });
});

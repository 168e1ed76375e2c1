import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { checkTable, createTables, restoreQueue } from './dynamo-tables.ts';

export interface LocalDynamoDb {
  /** What a function's environment needs to reach it: the SDK's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The file by which LevelDB knows a database. Where it is missing, a new and empty one would be made in silence. */
const DATABASE_FILE = 'CURRENT';

/** Whether there is a database in this folder. */
export function hasDatabase(folder: string): Promise<boolean> {
  return access(join(folder, DATABASE_FILE)).then(
    () => true,
    () => false,
  );
}

/**
 * A DynamoDB on this machine, kept in `folder`, with one table for each name. A second process must not open the same folder.
 *
 * @throws DataFolderError when the data is of an earlier build; the database's own error when it cannot be opened
 */
export async function startDynamoDb(folder: string, tables: readonly string[]): Promise<LocalDynamoDb> {
  const worker = new Worker(new URL('./dynalite-worker.js', import.meta.url), {
    workerData: { folder },
    env: {},
  });
  const broken = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the database has stopped')));
  });
  // Once it has started, a stop is expected.
  broken.catch(() => undefined);
  const [{ port }] = await Promise.race([once(worker, 'message'), broken]);
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const ended = once(worker, 'exit');
    worker.postMessage('stop');
    await ended;
  };
  try {
    await Promise.race([prepareTables(endpoint, tables, folder), broken]);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    environment: { ...CREDENTIALS, AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_REGION: 'local' },
    stop,
  };
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

async function prepareTables(endpoint: string, tables: readonly string[], folder: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
  try {
    const { TableNames: existing = [] } = await client.send(new ListTablesCommand({}));
    // All of them are looked at before the first is written.
    const kept = tables.filter((table) => existing.includes(table));
    for (const table of kept) await checkTable(client, table, folder);
    await createTables(client, tables, existing);
    for (const table of kept) await restoreQueue(client, table);
  } finally {
    client.destroy();
  }
}

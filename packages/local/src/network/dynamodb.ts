import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { tableDefinition } from '@symbolon/aws/dynamodb/table';
import dynalite from 'dynalite';

export interface LocalDynamoDb {
  /** What a function's environment needs to reach it: the SDK's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A DynamoDB on this machine, kept in `folder`, with one table for each name. A second process must not open the same folder. */
export async function startDynamoDb(folder: string, tables: readonly string[]): Promise<LocalDynamoDb> {
  const server = dynalite({ path: folder, createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  try {
    const { TableNames: existing = [] } = await client.send(new ListTablesCommand({}));
    for (const table of tables) {
      if (!existing.includes(table)) await client.send(new CreateTableCommand(tableDefinition(table)));
    }
  } finally {
    client.destroy();
  }
  return {
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

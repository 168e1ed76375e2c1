import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { QUEUE_INDEX, tableDefinition } from '@symbolon/aws/dynamodb/table';
import { DataFolderError } from './data-folder.ts';

/** Makes the tables that there are not yet. */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly string[],
  existing: readonly string[],
): Promise<void> {
  for (const table of tables)
    if (!existing.includes(table)) await client.send(new CreateTableCommand(tableDefinition(table)));
}

/**
 * Refuses a table of an earlier build, whose items lie elsewhere.
 *
 * @throws DataFolderError
 */
export async function checkTable(client: DynamoDBClient, table: string, folder: string): Promise<void> {
  const { Table: found } = await client.send(new DescribeTableCommand({ TableName: table }));
  const indexes = found?.GlobalSecondaryIndexes ?? [];
  if (indexes.some(({ IndexName }) => IndexName === QUEUE_INDEX.name)) return;
  throw new DataFolderError(
    `The database in ${folder} was made by an earlier build. Nothing was changed: go on with that build, or start afresh with --reset.`,
  );
}

/**
 * Puts back into the index what a kill may have taken out of it: the emulator writes an index before the item, so between the two an item that says that it waits
 * is in no queue any more. (In the service itself the index follows the item, always.) A row too many does no harm: whoever finds it reads the item. Nobody else
 * may write meanwhile.
 */
export async function restoreQueue(client: DynamoDBClient, table: string): Promise<void> {
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const item of items) {
      if (item[QUEUE_INDEX.partition] === undefined) continue;
      // Writes what is there once more, and with it the row.
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    }
  }
}

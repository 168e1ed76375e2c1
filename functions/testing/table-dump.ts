import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';

/** Every item of a table, each as text, in one order: two dumps differ exactly where something was written in between. */
export async function tableDump(client: DynamoDBClient, table: string): Promise<readonly string[]> {
  const items: string[] = [];
  for await (const { Items: page = [] } of paginateScan(
    { client },
    { TableName: table, ConsistentRead: true },
  ))
    for (const item of page) {
      const attributes = Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1));
      items.push(JSON.stringify(attributes));
    }
  return items.toSorted();
}

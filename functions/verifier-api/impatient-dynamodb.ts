import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * Someone stands at the gate: a table that does not answer soon is one that does not know. Asked twice at most, as the first connection after a sleep is often a dead one.
 *
 * @param milliseconds for each of the two: to connect, until the answer begins, and while it stands still
 */
export function impatientDynamoDb(milliseconds = 1000, config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    ...config,
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: milliseconds / 2,
      requestTimeout: milliseconds,
      // Without it the client only warns, and waits on.
      throwOnRequestTimeout: true,
      socketTimeout: milliseconds,
    },
  });
}

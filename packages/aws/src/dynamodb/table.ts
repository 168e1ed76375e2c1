import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * The one table of a region. Every item has a partition `pk` and a sort key `sk`; no index, no stream, no multi-item transaction.
 *
 * | item | pk | sk |
 * |---|---|---|
 * | blind index of an identifier | `INDEX#<hash>` | `-` |
 * | enrolment code | `CODE#<hash>` | `-` |
 * | nonce | `NONCE#<nonce>` | `-` |
 * | generation of a subject's codes | `SUBJECT#<subject>` | `CODES` |
 * | that a subject exists | `SUBJECT#<subject>` | `PROFILE` |
 * | fact | `SUBJECT#<subject>` | `FACT#<scheme>#<fact id>` |
 * | decision | `SUBJECT#<subject>` | `DECISION#<scheme>#<sequence, 10 digits>` |
 * | mint | `SUBJECT#<subject>` | `MINT#<scheme>#<mint id>` |
 * | status list | `LISTS` | `<uri>` |
 * | status entry | `LIST#<uri>` | `<index, 7 digits>` |
 */
export const TABLE_KEYS = { partition: 'pk', sort: 'sk', expiry: 'expiresAt' } as const;

/** What a local table is created with; the CDK construct of the deployed one is held to the same keys by a test. */
export function tableDefinition(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: TABLE_KEYS.partition, AttributeType: 'S' },
      { AttributeName: TABLE_KEYS.sort, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: TABLE_KEYS.partition, KeyType: 'HASH' },
      { AttributeName: TABLE_KEYS.sort, KeyType: 'RANGE' },
    ],
  };
}

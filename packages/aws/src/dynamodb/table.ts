import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * The one table of a region. Every item has a partition `pk` and a sort key `sk`; no stream, no scan, no multi-item transaction. `<shard>` is two hexadecimal
 * digits of a hash: what many write at once lies in several partitions.
 *
 * | item | pk | sk |
 * |---|---|---|
 * | blind index of an identifier | `INDEX#<hash>` | `-` |
 * | enrolment code | `CODE#<hash>` | `-` |
 * | nonce | `NONCE#<nonce>` | `-` |
 * | presentation that a scanner was shown | `REPLAY#<presentation id>` | `-` |
 * | profile of a subject | `PROFILES#<shard, of 64>` | `<subject>` |
 * | generation of a subject's codes | `SUBJECT#<subject>` | `CODES` |
 * | line of a subject's record | `SUBJECT#<subject>` | `JOURNAL#<entry id>` |
 * | fact | `SUBJECT#<subject>` | `FACT#<scheme>#<source>#<fact id>` |
 * | decision | `SUBJECT#<subject>` | `DECISION#<scheme>#<sequence, 10 digits>` |
 * | mint | `SUBJECT#<subject>` | `MINT#<scheme>#<mint id>` |
 * | batch of facts | `BATCH#<source>#<batch id>` | `-` |
 * | proposed decision | `PROPOSAL#<id>` | `-` |
 * | burst | `BURST#<scheme>/<cause>` | `<hour, 10 digits>` |
 * | subject that a burst holds | `HELD#<burst id>#<shard, of 16>` | `<subject>` |
 * | rule version that was released | `RELEASED#<scheme>` | `<rule>` |
 * | counts by hour | `TALLY#<key>` | `-` |
 * | where a job is | `JOB#<name>` | `-` |
 * | status list | `LISTS` | `<uri>` |
 * | what is said of its entries | `LIST#<uri>#<shard, of 8>` | `<index, 7 digits>` |
 *
 * The one index, `queue`, has the items that wait for something and no other: those with the attributes `queue` and `queuedAt` (seconds since 1970).
 *
 * | waits | queue |
 * |---|---|
 * | decision, for the log | `LOG#<shard, of 16>` |
 * | decision in the log, for witnesses | `WITNESS#<shard, of 16>` |
 * | batch of facts, for a second operator | `BATCHES` |
 * | proposed decision, for a second operator | `PROPOSALS` |
 * | proposed decision that has passed the guard, for its delay | `PASSED` |
 * | burst, for overseers or its lapse | `BURSTS` |
 * | burst that is settled, for the log | `BURST-LEAVES` |
 */
export const TABLE_KEYS = { partition: 'pk', sort: 'sk', expiry: 'expiresAt' } as const;

/** Nothing of an item but its keys. An index is a hint: the item is read before anything is done. */
export const QUEUE_INDEX = { name: 'queue', partition: 'queue', sort: 'queuedAt' } as const;

/** What a local table is created with; the CDK construct of the deployed one is held to the same keys by a test. */
export function tableDefinition(name: string) {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: TABLE_KEYS.partition, AttributeType: 'S' },
      { AttributeName: TABLE_KEYS.sort, AttributeType: 'S' },
      { AttributeName: QUEUE_INDEX.partition, AttributeType: 'S' },
      { AttributeName: QUEUE_INDEX.sort, AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: TABLE_KEYS.partition, KeyType: 'HASH' },
      { AttributeName: TABLE_KEYS.sort, KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: QUEUE_INDEX.name,
        KeySchema: [
          { AttributeName: QUEUE_INDEX.partition, KeyType: 'HASH' },
          { AttributeName: QUEUE_INDEX.sort, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  } satisfies CreateTableCommandInput;
}

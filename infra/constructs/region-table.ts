import { QUEUE_INDEX, TABLE_KEYS } from '@symbolon/aws/dynamodb/table';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { keptKey } from './kept-key.ts';
import type { NarrowRole } from './narrow-role.ts';

/** What DynamoDB asks of KMS on behalf of whoever reads the table, and of whoever writes. */
const TO_READ = ['kms:Decrypt', 'kms:DescribeKey'] as const;
const TO_WRITE = [
  ...TO_READ,
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;

type TableAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';
const READS: readonly TableAction[] = ['GetItem', 'Query'];

export interface TablePermission {
  readonly to: string;
  readonly actions: readonly TableAction[];
  /** Only items whose partition key is like one of these. */
  readonly partitions?: readonly string[];
}

/**
 * The one table of a region: subjects by blind index, sealed facts, decisions, mints, status entries; and one index, of what waits for something. Its loss is
 * the region's memory of its people, so it cannot be deleted by mistake, outlives its stack, and can be restored to any second of 35 days.
 */
export class RegionTable extends Construct {
  readonly table: Table;
  private readonly key: Key;
  private readonly of: string;

  /** @param of tells it from the tables of other regions, in letters and digits */
  constructor(scope: Construct, id: string, of: string) {
    super(scope, id);
    this.of = of;
    this.key = keptKey(this, 'Key', {
      description: 'Encrypts the table at rest. Facts are sealed by a key of their own as well.',
      enableKeyRotation: true,
      uses: [
        {
          sid: 'TheAccountUsesItThroughDynamoDbOnly',
          by: [new AccountRootPrincipal()],
          actions: [...TO_WRITE, 'kms:CreateGrant'],
          when: this.throughDynamoDb,
        },
      ],
    });
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TABLE_KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: TABLE_KEYS.sort, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE_KEYS.expiry,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: QUEUE_INDEX.name,
      partitionKey: { name: QUEUE_INDEX.partition, type: AttributeType.STRING },
      sortKey: { name: QUEUE_INDEX.sort, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }

  allow(role: NarrowRole, ...permissions: readonly TablePermission[]): void {
    for (const { to, actions, partitions } of permissions) {
      role.may({
        to: this.named(role, to),
        actions: actions.map((action) => `dynamodb:${action}`),
        on: [this.table.tableArn],
        ...within(partitions),
      });
    }
    const reads = permissions.flatMap(({ actions }) => actions).every((action) => READS.includes(action));
    role.may({
      to: this.named(role, 'OpenTheTableThroughDynamoDbOnly'),
      actions: reads ? TO_READ : TO_WRITE,
      on: [this.key.keyArn],
      when: this.throughDynamoDb,
    });
  }

  /** Lets a role that may read items see which of them wait: their keys, and nothing else of them. */
  allowQueues(role: NarrowRole, to: string, queues: readonly string[]): void {
    role.may({
      to: this.named(role, to),
      actions: ['dynamodb:Query'],
      on: [`${this.table.tableArn}/index/${QUEUE_INDEX.name}`],
      ...within(queues),
    });
  }

  /** A role of another stack has the tables of several regions, and each statement a name of its own. */
  private named(role: NarrowRole, to: string): string {
    return Stack.of(role) === Stack.of(this) ? to : `${to}Of${this.of}`;
  }

  private get throughDynamoDb() {
    const { account, region } = Stack.of(this);
    return {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `dynamodb.${region}.amazonaws.com` },
    };
  }
}

/** Partition keys: those of the table, or those of its index. */
function within(partitions: readonly string[] | undefined) {
  return partitions === undefined
    ? {}
    : { when: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } } };
}

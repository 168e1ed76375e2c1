import { TABLE_KEYS } from '@symbolon/aws/dynamodb/table';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { NarrowRole } from './narrow-role.ts';
import { KEY_ADMINISTRATION } from './protocol-keys.ts';

/** What DynamoDB asks of KMS on behalf of whoever reads the table, and of whoever writes. */
const TO_READ = ['kms:Decrypt', 'kms:DescribeKey'] as const;
const TO_WRITE = [
  ...TO_READ,
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;

type TableAction = 'GetItem' | 'PutItem' | 'DeleteItem' | 'Query';
const READS: readonly TableAction[] = ['GetItem', 'Query'];

export interface TablePermission {
  readonly to: string;
  readonly actions: readonly TableAction[];
  /** Only items whose partition key is like one of these. */
  readonly partitions?: readonly string[];
}

/**
 * The one table of a region: subjects by blind index, sealed facts, decisions, mints, status entries. Its loss is the region's memory of its
 * people, so it cannot be deleted by mistake, outlives its stack, and can be restored to any second of 35 days.
 */
export class RegionTable extends Construct {
  readonly table: Table;
  private readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the table at rest. Facts are sealed by a key of their own as well.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'TheAccountAdministersIt',
            principals: [new AccountRootPrincipal()],
            actions: [...KEY_ADMINISTRATION],
            resources: ['*'],
          }),
          new PolicyStatement({
            sid: 'TheAccountUsesItThroughDynamoDbOnly',
            principals: [new AccountRootPrincipal()],
            actions: [...TO_WRITE, 'kms:CreateGrant'],
            resources: ['*'],
            conditions: this.throughDynamoDb,
          }),
        ],
      }),
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
  }

  allow(role: NarrowRole, { to, actions, partitions }: TablePermission): void {
    role.may({
      to,
      actions: actions.map((action) => `dynamodb:${action}`),
      on: [this.table.tableArn],
      ...(partitions === undefined
        ? {}
        : { when: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } } }),
    });
    role.may({
      to: 'OpenTheTableThroughDynamoDbOnly',
      actions: actions.every((action) => READS.includes(action)) ? TO_READ : TO_WRITE,
      on: [this.key.keyArn],
      when: this.throughDynamoDb,
    });
  }

  private get throughDynamoDb() {
    const { account, region } = Stack.of(this);
    return {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `dynamodb.${region}.amazonaws.com` },
    };
  }
}

import { TABLE_KEYS } from '@symbolon/aws/dynamodb/table';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { NarrowRole } from './narrow-role.ts';

/**
 * What was shown of late: hashes of showings, each with the second from which it counts no more; some time after that DynamoDB deletes it. No status, place or person is in it. Its loss
 * lets a copy pass within one window, so it goes with its stack, and nothing of it is kept anywhere else.
 */
export class ReplayTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TABLE_KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: TABLE_KEYS.sort, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE_KEYS.expiry,
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason:
        'Deliberate: a backup of thirty-five days would keep for weeks what the protocol wants forgotten after 90 seconds, namely when something was shown. After a loss the table is empty, and the worst of it is one copy within one window.',
    });
  }

  /** One conditional write for each claim; nothing is ever read back or listed. */
  letClaim(role: NarrowRole): void {
    role.may({
      to: 'ClaimPresentations',
      actions: ['dynamodb:UpdateItem'],
      on: [this.table.tableArn],
      when: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REPLAY#*'] } },
    });
  }
}

import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ArnPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { closedBucket } from './closed-bucket.ts';
import type { NarrowRole } from './narrow-role.ts';
import { KEY_ADMINISTRATION } from './protocol-keys.ts';

/** What a sequencer keeps between rounds (packages/log, sequencer-state.ts). */
const STATE = 'sequencer.json';
/** What S3 asks of KMS on behalf of whoever reads and writes the file. */
const THROUGH_S3 = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;

export interface LogStateProps {
  readonly description: string;
  /** Only they read and write it. */
  readonly usedBy: readonly NarrowRole[];
}

/**
 * What a log's sequencer keeps between rounds: one file, which is the lock of the log. While a round is open it says which leaf is about whom, so it is encrypted by a key that no one
 * else may use. Old versions are kept for a week, for the day when a bad one was written.
 *
 * Its loss stops the log: a tree that was signed cannot be gone on with unless this file, and nothing else, says where it ends. So it outlives its stack.
 */
export class LogState extends Construct {
  private readonly bucket: IBucket;

  constructor(scope: Construct, id: string, { description, usedBy }: LogStateProps) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    const when = {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `s3.${region}.amazonaws.com` },
    };
    const key = new Key(this, 'Key', {
      description,
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
            sid: 'OnlyTheseUseItThroughS3',
            principals: usedBy.map(({ roleArn }) => new ArnPrincipal(roleArn)),
            actions: [...THROUGH_S3],
            resources: ['*'],
            conditions: when,
          }),
        ],
      }),
    });
    const accessLogs = closedBucket(this, 'AccessLogs', {
      lifecycleRules: [{ id: 'ForgetAfterThreeMonths', expiration: Duration.days(90) }],
    });
    this.bucket = closedBucket(this, 'Files', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [
        { id: 'ForgetOldVersions', noncurrentVersionExpiration: Duration.days(7) },
        { id: 'ForgetBrokenUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    for (const role of usedBy) {
      role.may({
        to: 'KeepTheStateOfTheLog',
        actions: ['s3:GetObject', 's3:PutObject'],
        on: [this.bucket.arnForObjects(STATE)],
      });
      role.may({ to: 'TellAbsentState', actions: ['s3:ListBucket'], on: [this.bucket.bucketArn] });
      role.may({ to: 'OpenTheStateThroughS3Only', actions: THROUGH_S3, on: [key.keyArn], when });
    }
  }

  /** As the adapters read it. */
  get uri(): string {
    return `s3://${this.bucket.bucketName}`;
  }
}

import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ClosedFiles } from './closed-files.ts';
import { keptKey } from './kept-key.ts';
import type { NarrowRole } from './narrow-role.ts';

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
  /** As the adapters read it. */
  readonly uri: string;

  constructor(scope: Construct, id: string, { description, usedBy }: LogStateProps) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    const when = {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `s3.${region}.amazonaws.com` },
    };
    const key = keptKey(this, 'Key', {
      description,
      enableKeyRotation: true,
      uses: [
        {
          sid: 'OnlyTheseUseItThroughS3',
          by: usedBy.map(({ roleArn }) => new ArnPrincipal(roleArn)),
          actions: THROUGH_S3,
          when,
        },
      ],
    });
    const files = new ClosedFiles(this, {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      oldVersions: { noncurrentVersionExpiration: Duration.days(7) },
    });
    for (const role of usedBy) {
      files.allow(role, {
        to: 'KeepTheStateOfTheLog',
        actions: ['s3:GetObject', 's3:PutObject'],
        files: [STATE],
      });
      files.allowToTellAbsence(role, 'TellAbsentState');
      role.may({ to: 'OpenTheStateThroughS3Only', actions: THROUGH_S3, on: [key.keyArn], when });
    }
    this.uri = files.uri;
  }
}

import { Duration, Validations } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketId, closedBucket } from './closed-bucket.ts';
import type { NarrowRole } from './narrow-role.ts';

const LOGS = 'logs.txt';
const FOLDER = 'checkpoints';
const CHECKPOINTS = `${FOLDER}/*`;

/**
 * What a witness has seen: the newest checkpoint of each log, and the list of logs that people put there. All of it is public in what it says. Whoever can write here can make the witness
 * forget, and so cosign a second history: one function writes checkpoints, and old versions stay.
 *
 * Its loss ends the witness: with an empty memory it would cosign any history. It must come back under another name and key then.
 */
export class WitnessMemory extends Construct {
  private readonly bucket: IBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const accessLogs = closedBucket(this, 'AccessLogs', {
      lifecycleRules: [{ id: 'ForgetAfterThreeMonths', expiration: Duration.days(90) }],
    });
    this.bucket = closedBucket(this, 'Files', {
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [
        { id: 'ForgetOldVersions', noncurrentVersionExpiration: Duration.days(30) },
        { id: 'ForgetBrokenUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }

  letKeep(role: NarrowRole): void {
    role.may({ to: 'ReadWhichLogs', actions: ['s3:GetObject'], on: [this.bucket.arnForObjects(LOGS)] });
    role.may({
      to: 'KeepWhatWasCosigned',
      actions: ['s3:GetObject', 's3:PutObject'],
      on: [this.bucket.arnForObjects(CHECKPOINTS)],
    });
    // Without this S3 answers 403 for what is not there yet, as for a file that may not be read.
    role.may({ to: 'TellAbsentCheckpoints', actions: ['s3:ListBucket'], on: [this.bucket.bucketArn] });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${bucketId(this.bucket)}.Arn>/${CHECKPOINTS}]`,
      reason:
        'A checkpoint is named by the hash of its log, and people add logs without a deployment. The folder holds the newest checkpoint of each log and nothing else, all of it public. Nothing can be deleted.',
    });
  }

  /** As the adapters read them. */
  get logsUri(): string {
    return `s3://${this.bucket.bucketName}/${LOGS}`;
  }

  get stateUri(): string {
    return `s3://${this.bucket.bucketName}/${FOLDER}`;
  }
}

import { Duration, Validations } from 'aws-cdk-lib';
import type { BucketProps, IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketId, closedBucket } from './closed-bucket.ts';
import type { NarrowRole } from './narrow-role.ts';

export interface ClosedFilesProps
  extends Pick<BucketProps, 'encryption' | 'encryptionKey' | 'bucketKeyEnabled'> {
  /** Until when what was written over or deleted can be brought back. Left out, it is gone at once. */
  readonly oldVersions?: Omit<LifecycleRule, 'id'>;
  readonly lifecycle?: readonly LifecycleRule[];
}

export interface FilePermission {
  readonly to: string;
  readonly actions: readonly ('s3:GetObject' | 's3:PutObject' | 's3:DeleteObject')[];
  /** Whole paths, or paths with a `*` below a folder. */
  readonly files: readonly string[];
  /** Why a `*` is in them: read by an auditor. */
  readonly because?: string;
}

/**
 * Files in a closed bucket, and a second bucket that says for three months who asked for them. Both stand in the scope itself, as `Files` and `AccessLogs`: a place between
 * would rename, and so replace, buckets that are deployed.
 */
export class ClosedFiles {
  readonly bucket: IBucket;

  constructor(scope: Construct, { oldVersions, lifecycle = [], ...encryption }: ClosedFilesProps = {}) {
    const accessLogs = closedBucket(scope, 'AccessLogs', {
      lifecycleRules: [{ id: 'ForgetAfterThreeMonths', expiration: Duration.days(90) }],
    });
    this.bucket = closedBucket(scope, 'Files', {
      ...encryption,
      ...(oldVersions === undefined ? {} : { versioned: true }),
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [
        ...(oldVersions === undefined ? [] : [{ id: 'ForgetOldVersions', ...oldVersions }]),
        { id: 'ForgetBrokenUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...lifecycle,
      ],
    });
  }

  /** Gives a role some of the files: only those. A `*` for which no reason is given fails synthesis. */
  allow(role: NarrowRole, { to, actions, files, because }: FilePermission): void {
    role.may({ to, actions, on: files.map((file) => this.bucket.arnForObjects(file)) });
    if (because === undefined) return;
    for (const file of files.filter((path) => path.includes('*'))) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${bucketId(this.bucket)}.Arn>/${file}]`,
        reason: because,
      });
    }
  }

  /** Lets a role learn that a file is not there: without this S3 answers 403 for it, as for a file that may not be read. It learns the names with it. */
  allowToTellAbsence(role: NarrowRole, to: string): void {
    role.may({ to, actions: ['s3:ListBucket'], on: [this.bucket.bucketArn] });
  }

  /** As the adapters read it. */
  get uri(): string {
    return `s3://${this.bucket.bucketName}`;
  }
}

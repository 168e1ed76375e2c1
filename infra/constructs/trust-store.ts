import { BUNDLE } from '@symbolon/functions/runtime/registry-files';
import { STATE } from '@symbolon/functions/verifier-api/trust-memory';
import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { closedBucket } from './closed-bucket.ts';
import type { NarrowRole } from './narrow-role.ts';

/**
 * What a verifier has seen of the registry, and a copy of the bundle that it went by: two objects, both public in what they say. Whoever can write them can make the
 * verifier forget, and so believe an older registry of the same federation, so one function writes them.
 *
 * Its loss costs the memory: until the next newer bundle, an old one that somebody serves would pass.
 */
export class TrustStore extends Construct {
  private readonly bucket: IBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const accessLogs = closedBucket(this, 'AccessLogs', {
      lifecycleRules: [{ id: 'ForgetAfterThreeMonths', expiration: Duration.days(90) }],
    });
    this.bucket = closedBucket(this, 'Files', {
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [{ id: 'ForgetBrokenUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
  }

  letKeep(role: NarrowRole): void {
    role.may({
      to: 'KeepWhatWasSeen',
      actions: ['s3:GetObject', 's3:PutObject'],
      on: [STATE, BUNDLE].map((file) => this.bucket.arnForObjects(file)),
    });
    // Without this S3 answers 403 for what is not there yet, as for a file that may not be read.
    role.may({ to: 'TellAbsentState', actions: ['s3:ListBucket'], on: [this.bucket.bucketArn] });
  }

  /** As the adapters read it. */
  get uri(): string {
    return `s3://${this.bucket.bucketName}`;
  }
}

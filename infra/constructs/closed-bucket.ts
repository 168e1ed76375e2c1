import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';

/**
 * A bucket that nobody reads without a policy that says so, over TLS 1.2 or later. It outlives its stack. S3's own keys suffice: what lies
 * here is public, or says nothing of people.
 */
export function closedBucket(scope: Construct, id: string, props: BucketProps): IBucket {
  const bucket: IConstruct = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
  if (!isBucket(bucket)) throw new TypeError('a bucket is a bucket');
  return bucket;
}

/** Its logical id, by which cdk-nag names it. */
export function bucketId(bucket: IBucket): string {
  const resource = bucket.node.findAll().find((child) => child instanceof CfnBucket);
  return resource === undefined ? '' : Stack.of(bucket).getLogicalId(resource);
}

/** The library declares Bucket and IBucket so that `exactOptionalPropertyTypes` finds them unlike. */
function isBucket(construct: IConstruct): construct is IBucket {
  return construct instanceof Bucket;
}

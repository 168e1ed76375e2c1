import * as z from 'zod/mini';

/** CloudFront reads its certificates from here, wherever the stack is. */
export const CLOUDFRONT_REGION = 'us-east-1';

const ARN = /^arn:aws:(acm|sns):([a-z0-9-]+):(\d{12}):(certificate\/[0-9a-f-]{36}|[A-Za-z0-9_-]{1,256})$/;

export const AccountId = z.string().check(z.regex(/^\d{12}$/));

/** A region of the standard partition. The others (`cn-`, `us-gov-`) lack what the static sites are made of. */
export const AwsRegion = z.string().check(z.regex(/^(?!cn-|us-gov-|us-iso)[a-z]{2}(-[a-z]+)+-\d$/));

export const Domain = z
  .string()
  .check(z.maxLength(253), z.regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/));

export const CertificateArn = arnOf('acm');
export const TopicArn = arnOf('sns');

/** A role or a user, never a whole account. */
export const PrincipalArn = z
  .string()
  .check(z.regex(/^arn:aws:iam::\d{12}:(role|user)\/[A-Za-z0-9_+=,.@/-]{1,512}$/));

export const BucketName = z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/));

function arnOf(service: string) {
  return z.string().check(z.refine((value) => ARN.exec(value)?.[1] === service));
}

export function awsRegionOf(arn: string): string | undefined {
  return ARN.exec(arn)?.[2];
}

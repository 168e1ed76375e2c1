import { LIMITS } from '@symbolon/protocol/limits';
import { HttpsUrl, RegionId } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import {
  AccountId,
  AwsRegion,
  awsRegionOf,
  BucketName,
  CertificateArn,
  CLOUDFRONT_REGION,
  Domain,
  PrincipalArn,
  TopicArn,
} from './fields.ts';
import { regionStack } from './stack-ids.ts';

const place = {
  account: AccountId,
  awsRegion: AwsRegion,
  /** Alarms go here: a topic in the same AWS region that someone reads. */
  alarmTopicArn: TopicArn,
};
const isNear = (stack: { readonly awsRegion: string; readonly alarmTopicArn: string }) =>
  awsRegionOf(stack.alarmTopicArn) === stack.awsRegion;
const CloudFrontCertificate = CertificateArn.check(z.refine((arn) => awsRegionOf(arn) === CLOUDFRONT_REGION));

const RegistryHost = z
  .strictObject({
    ...place,
    certificateArn: CloudFrontCertificate,
    /** Where signed events are taken: `publishUrl`. */
    publish: z.strictObject({
      certificateArn: CertificateArn,
      /** Of everyone together, strangers included: each region needs one in a few days. */
      requestsPerSecond: z.int().check(z.gte(1), z.lte(50)),
    }),
    /** IAM roles or users who may take on the role that publishes what a ceremony has signed. */
    publishers: z.array(PrincipalArn).check(z.minLength(1), z.maxLength(16)),
  })
  .check(
    z.refine(isNear, { path: ['alarmTopicArn'] }),
    z.refine((host) => awsRegionOf(host.publish.certificateArn) === host.awsRegion, {
      path: ['publish', 'certificateArn'],
    }),
  );

const Registry = z
  .strictObject({
    /** Base of the static files, without a slash at its end. */
    url: HttpsUrl.check(z.refine((url) => !url.endsWith('/'))),
    /** Base of the function that publishes what was signed, without a slash at its end: regions send their new keys there. */
    publishUrl: HttpsUrl.check(z.refine((url) => !url.endsWith('/'))),
    /** SHA-256 of the first root. Before the first ceremony: 64 zeros, and every function refuses to work. */
    rootSha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** Only in the deployment of whoever runs the registry. Regions that join a federation leave it out. */
    host: z.optional(RegistryHost),
  })
  .check(
    // A hosted registry is a site of its own: CloudFront serves a host name, not a folder of one.
    z.refine(({ url, host }) => host === undefined || new URL(url).origin === url, { path: ['url'] }),
    // And so is what publishes: an API of its own.
    z.refine(
      ({ url, publishUrl, host }) =>
        host === undefined || (new URL(publishUrl).origin === publishUrl && publishUrl !== url),
      { path: ['publishUrl'] },
    ),
  );

const Lists = z
  .strictObject({
    domain: Domain,
    certificateArn: CloudFrontCertificate,
    entries: z.int().check(z.gte(8), z.lte(LIMITS.statusListEntries)),
    /** How often a list can change: not more often than it is published, which is every five minutes. */
    ttlSeconds: z.int().check(z.gte(300), z.lte(86_400)),
    /** How long a published list may be read: at least the federation's `referAfterHours`. Past it, status is unknown and verifiers refer. */
    /** An unchanged list is signed anew after so long: verifiers grade a list by its age. */
    resignSeconds: z.int().check(z.gte(60), z.lte(86_400)),
    readableSeconds: z.int().check(z.gte(3600), z.lte(14 * 86_400)),
    /** How long before their first credential lists are published: the longest validity of a listed scheme plus `referAfterHours`. */
    aheadHours: z.int().check(z.gte(1), z.lte(31 * 24)),
    /** Whether W3C Bitstring lists are published beside: `false` where no JSON-LD credentials are issued. */
    bitstring: z._default(z.boolean(), true),
    /** Whether compact lists are published beside. */
    compact: z._default(z.boolean(), false),
  })
  .check(
    z.refine((lists) => lists.readableSeconds >= 2 * Math.max(lists.ttlSeconds, lists.resignSeconds), {
      path: ['readableSeconds'],
    }),
  );

const RegionDeployment = z
  .strictObject({
    id: RegionId,
    ...place,
    issuer: z.strictObject({
      domain: Domain,
      certificateArn: CertificateArn,
      /** A request can ask for a batch, which is as many signatures: KMS has a quota for those, so raise both together. */
      requestsPerSecond: z.int().check(z.gte(1), z.lte(5000)),
    }),
    lists: Lists,
    /** The authorization server of the region's operators. */
    operators: z.strictObject({ issuer: HttpsUrl, jwksUri: HttpsUrl }),
    /** How long a key signs credentials or lists; it is published for three times as long. 168 is a week. */
    epochHours: z.int().check(z.gte(48), z.lte(10 * 24)),
  })
  .check(
    z.refine(isNear, { path: ['alarmTopicArn'] }),
    z.refine((region) => awsRegionOf(region.issuer.certificateArn) === region.awsRegion, {
      path: ['issuer', 'certificateArn'],
    }),
  );

const VerifierDeployment = z
  .strictObject({
    /** Names the stack. */
    id: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
    ...place,
    domain: Domain,
    certificateArn: CertificateArn,
    /** Of all callers together. Each is a verdict: some signatures to check, and some JSON-LD where that is shown. */
    requestsPerSecond: z.int().check(z.gte(1), z.lte(5000)),
    /** The bucket that the registry's bundle lies in, where this account may read it. Left out, the bundle is fetched from the registry's URL. */
    bundleBucket: z.optional(BucketName),
    /** How often the bundle is looked for. */
    refreshSeconds: z.int().check(z.gte(10), z.lte(3600)),
    /** Whether a presentation is refused that was shown within the window before, to whichever instance. */
    replayMemory: z.boolean(),
  })
  .check(
    z.refine(isNear, { path: ['alarmTopicArn'] }),
    z.refine((verifier) => awsRegionOf(verifier.certificateArn) === verifier.awsRegion, {
      path: ['certificateArn'],
    }),
  );

/** What a deployment needs to be told. No secret is in it: keys are made by KMS and stay there. */
export const Deployment = z.strictObject({
  registry: Registry,
  regions: z.array(RegionDeployment).check(
    z.maxLength(64),
    z.refine((regions) => areDistinct(regions.map(({ id }) => regionStack(id).toLowerCase()))),
    z.refine((regions) => areDistinct(regions.flatMap(({ issuer, lists }) => [issuer.domain, lists.domain]))),
  ),
  verifiers: z._default(
    z.array(VerifierDeployment).check(
      z.maxLength(64),
      z.refine((verifiers) => areDistinct(verifiers.map(({ id }) => id))),
      z.refine((verifiers) => areDistinct(verifiers.map(({ domain }) => domain))),
    ),
    [],
  ),
});
export type Deployment = z.output<typeof Deployment>;
export type RegistryHost = z.output<typeof RegistryHost>;
export type RegionDeployment = z.output<typeof RegionDeployment>;
export type VerifierDeployment = z.output<typeof VerifierDeployment>;

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

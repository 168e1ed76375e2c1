import { LIMITS } from '@symbolon/protocol/limits';
import { HttpsUrl, RegionId } from '@symbolon/protocol/schemas/common';
import { LogName } from '@symbolon/protocol/schemas/log';
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
    /** Its log of decisions, a site of its own: `log` of `region.json`. Left out, it has none here. */
    log: z.optional(z.strictObject({ domain: Domain, certificateArn: CloudFrontCertificate })),
    /** A region above it, in the same account and AWS region, in whose log its decisions are: for a small one, whose log would tell too much of few people. */
    logsUnder: z.optional(RegionId),
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
    z.refine(({ log, logsUnder }) => log === undefined || logsUnder === undefined, { path: ['logsUnder'] }),
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

const WitnessDeployment = z
  .strictObject({
    /** Names the stack. */
    id: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
    ...place,
    /** What it calls itself in its cosignatures, for good: the name that federations list. */
    name: LogName,
    domain: Domain,
    certificateArn: CertificateArn,
    /** Of all logs together, strangers included: a log asks for a cosignature each second at most. */
    requestsPerSecond: z.int().check(z.gte(1), z.lte(5000)),
  })
  .check(
    z.refine(isNear, { path: ['alarmTopicArn'] }),
    z.refine((witness) => awsRegionOf(witness.certificateArn) === witness.awsRegion, {
      path: ['certificateArn'],
    }),
  );

type RegionOfDeployment = z.output<typeof RegionDeployment>;

/** Whoever logs under another region does it in a log that is in the same place: its sequencer reads both tables. */
function logsNearby(regions: readonly RegionOfDeployment[]): boolean {
  return regions.every(({ id, logsUnder, account, awsRegion }) => {
    if (logsUnder === undefined) return true;
    const above = regions.find((region) => region.id === logsUnder);
    return (
      id.startsWith(`${logsUnder}.`) &&
      above?.log !== undefined &&
      above.account === account &&
      above.awsRegion === awsRegion
    );
  });
}

/** What a deployment needs to be told. No secret is in it: keys are made by KMS and stay there. */
export const Deployment = z
  .strictObject({
    /** Of the federation. Left out by whoever deploys witnesses only: a witness knows no registry. */
    registry: z.optional(Registry),
    regions: z.array(RegionDeployment).check(
      z.maxLength(64),
      z.refine(logsNearby),
      z.refine((regions) => areDistinct(regions.map(({ id }) => regionStack(id).toLowerCase()))),
      z.refine((regions) =>
        areDistinct(
          regions.flatMap(({ issuer, lists, log }) => [
            issuer.domain,
            lists.domain,
            ...(log === undefined ? [] : [log.domain]),
          ]),
        ),
      ),
    ),
    verifiers: z._default(
      z.array(VerifierDeployment).check(
        z.maxLength(64),
        z.refine((verifiers) => areDistinct(verifiers.map(({ id }) => id))),
        z.refine((verifiers) => areDistinct(verifiers.map(({ domain }) => domain))),
      ),
      [],
    ),
    witnesses: z._default(
      z.array(WitnessDeployment).check(
        z.maxLength(16),
        z.refine((witnesses) => areDistinct(witnesses.map(({ id }) => id))),
        z.refine((witnesses) => areDistinct(witnesses.map(({ name }) => name))),
        z.refine((witnesses) => areDistinct(witnesses.map(({ domain }) => domain))),
      ),
      [],
    ),
  })
  .check(
    z.refine(
      ({ registry, regions, verifiers }) =>
        registry !== undefined || (regions.length === 0 && verifiers.length === 0),
      { path: ['registry'] },
    ),
  );
export type Deployment = z.output<typeof Deployment>;
export type RegistryHost = z.output<typeof RegistryHost>;
export type RegionDeployment = z.output<typeof RegionDeployment>;
export type VerifierDeployment = z.output<typeof VerifierDeployment>;
export type WitnessDeployment = z.output<typeof WitnessDeployment>;

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

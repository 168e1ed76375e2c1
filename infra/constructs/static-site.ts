import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HttpVersion,
  type ICachePolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ClosedFiles, type FilePermission } from './closed-files.ts';
import type { NarrowRole } from './narrow-role.ts';

export interface StaticSiteProps {
  readonly domain: string;
  /** In us-east-1, where CloudFront reads it. */
  readonly certificateArn: string;
  readonly description: string;
  /** Paths whose content changes. Any other file keeps its content for good. */
  readonly changing: readonly string[];
  /** How old what changes may be when it is served; a minute when left out. */
  readonly late?: Duration;
  readonly lifecycle?: readonly LifecycleRule[];
}

const LATE: Duration = Duration.seconds(60);
const NOT_THERE_YET: Duration = Duration.seconds(10);

/**
 * Signed public files: a private bucket, which only CloudFront reads. Nothing here is trusted by those who fetch it, so whoever takes the
 * site over can withhold files and serve old ones, for as long as their signed times allow, and cannot forge one.
 */
export class StaticSite extends Construct {
  readonly distribution: Distribution;
  private readonly files: ClosedFiles;

  constructor(scope: Construct, id: string, props: StaticSiteProps) {
    super(scope, id);
    this.files = new ClosedFiles(this, {
      // What a bad publication wrote over can be brought back.
      oldVersions: { noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
      lifecycle: props.lifecycle ?? [],
    });

    const origin = S3BucketOrigin.withOriginAccessControl(this.bucket);
    const served = (cachePolicy: ICachePolicy): BehaviorOptions => ({
      origin,
      cachePolicy,
      compress: true,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      // Any page may read public files: a scanner or a wallet in a browser does. There are no cookies.
      responseHeadersPolicy: ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_AND_SECURITY_HEADERS,
    });
    const { late = LATE } = props;
    const shortly = new CachePolicy(this, 'Shortly', {
      comment: `Files that change: ${late.toSeconds()} seconds old at most`,
      minTtl: Duration.seconds(0),
      defaultTtl: late,
      maxTtl: late,
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: props.description,
      domainNames: [props.domain],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: served(CachePolicy.CACHING_OPTIMIZED),
      additionalBehaviors: Object.fromEntries(props.changing.map((path) => [path, served(shortly)])),
      // CloudFront may not list the bucket, so S3 says 403 for a file that is not there. A client that asks for the next root does so often, and
      // must see it soon after it is published.
      errorResponses: [{ httpStatus: 403, ttl: NOT_THERE_YET }],
    });

    Validations.of(this.distribution).acknowledge(
      {
        id: 'AwsSolutions-CFR1',
        reason:
          'The files prove who issued a status. They are public by design and hold no personal data, and a verifier in any country must be able to check a traveller, so no country is shut out.',
      },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'A web application firewall inspects requests on their way to an application. Behind this distribution is only a bucket of signed, public, static files: GET and HEAD, no query string, cookie or body reaches it. AWS Shield Standard covers floods.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          'Deliberate: a log of viewers would record which address fetched which status list and when, so who checks whom, which the protocol exists to avoid. Requests and errors are counted by CloudWatch without addresses, and the bucket keeps server access logs, in which the reader is CloudFront.',
      },
    );
  }

  /** Gives a role files of the site: only those. */
  allow(role: NarrowRole, permission: FilePermission): void {
    this.files.allow(role, permission);
  }

  /** Lets a role learn that a file is not there. The names are public. */
  allowToTellAbsence(role: NarrowRole, to: string = 'TellAbsentFiles'): void {
    this.files.allowToTellAbsence(role, to);
  }

  get bucket(): IBucket {
    return this.files.bucket;
  }

  /** As the adapters read it. */
  get uri(): string {
    return this.files.uri;
  }
}

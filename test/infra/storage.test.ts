import { TABLE_KEYS, tableDefinition } from '@symbolon/aws/dynamodb/table';
import { own } from '@symbolon/protocol/own';
import { Match } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { textOf } from './support/intrinsics.ts';
import { Statement } from './support/permissions.ts';
import { placesOf, type Synthesised, synthesise } from './support/synthesised.ts';

const REGION = 'symbolon-region-CN-HB';
const VERIFIER = 'symbolon-verifier-gates';
const REGISTRY = 'symbolon-registry';
/** Logs in the log of the region above it. */
const BELOW = 'symbolon-region-CN-HB--xiangyang';
/** Pairs of buckets, of files and of their access logs: a region has its lists, its wrapped keys, and the log's tiles and state. */
const pairsOf = (name: string) =>
  name === BELOW ? 2 : name.startsWith('symbolon-region-') ? 4 : name === REGISTRY ? 2 : 1;
/** Of them, those whose old versions are kept: not wrapped keys, nor what a verifier keeps. */
const versionedOf = (name: string) =>
  pairsOf(name) - (name.startsWith('symbolon-region-') || name === VERIFIER ? 1 : 0);

let all: Synthesised;
beforeAll(() => {
  all = synthesise();
});
afterAll(() => all.remove());

describe('the table of a region', () => {
  it('has the keys and the one index that the adapters use', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = tableDefinition('table');
    all.template(REGION).hasResourceProperties('AWS::DynamoDB::Table', {
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      LocalSecondaryIndexes: Match.absent(),
      TimeToLiveSpecification: { AttributeName: TABLE_KEYS.expiry, Enabled: true },
    });
  });

  it('can be restored, is encrypted by a key of its own, and is not deleted by mistake', () => {
    const template = all.template(REGION);
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
    });
    template.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    for (const [, stack] of all.stacks) expect(stack.terminationProtection).toBe(true);
  });
});

describe('what a verifier remembers of what was shown', () => {
  it('lies under the keys that the adapter uses, and is kept nowhere else: it goes by itself, and with its stack', () => {
    const { KeySchema } = tableDefinition('table');
    const template = all.template(VERIFIER);
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema,
      TimeToLiveSpecification: { AttributeName: TABLE_KEYS.expiry, Enabled: true },
      GlobalSecondaryIndexes: Match.absent(),
      PointInTimeRecoverySpecification: Match.absent(),
      StreamSpecification: Match.absent(),
    });
    template.allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete' });
  });
});

const BucketPolicy = z.object({
  Properties: z.object({
    Bucket: z.strictObject({ Ref: z.string() }),
    PolicyDocument: z.object({ Statement: z.array(Statement) }),
  }),
});

describe('files', () => {
  it('no bucket is public, all are encrypted, and the published files are versioned and their readers logged', () => {
    for (const [name] of all.stacks) {
      const template = all.template(name);
      template.resourceCountIs('AWS::S3::Bucket', 2 * pairsOf(name));
      template.allResourcesProperties('AWS::S3::Bucket', {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: Match.anyValue() } },
          ],
        },
      });
      template.resourcePropertiesCountIs(
        'AWS::S3::Bucket',
        {
          VersioningConfiguration: { Status: 'Enabled' },
          LoggingConfiguration: { DestinationBucketName: Match.anyValue() },
        },
        versionedOf(name),
      );
    }
  });

  it('wrapped keys lie in a bucket that keeps no old versions: what was forgotten is gone', () => {
    all.template(REGION).resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      {
        VersioningConfiguration: Match.absent(),
        LoggingConfiguration: { DestinationBucketName: Match.anyValue() },
      },
      1,
    );
  });

  it('only CloudFront reads them, of this one distribution, and only over TLS', () => {
    for (const [name, stack] of all.stacks) {
      const places = placesOf(stack);
      const place = (id: string) => places.get(id) ?? id;
      const policies = Object.values(all.template(name).findResources('AWS::S3::BucketPolicy'));
      expect(policies).toHaveLength(2 * pairsOf(name));
      for (const policy of policies.map((each) => BucketPolicy.parse(each).Properties)) {
        const { Statement: statements } = policy.PolicyDocument;
        const denied = statements.filter(({ Effect }) => Effect === 'Deny');
        expect(denied.map(({ Condition }) => Condition)).toEqual([
          { Bool: { 'aws:SecureTransport': 'false' } },
          { NumericLessThan: { 's3:TlsVersion': 1.2 } },
        ]);
        const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
        // Wrapped keys, and what a verifier, a witness or a sequencer keeps, are reached by roles only, each by its own policy.
        const kept = ['Vault/Files', 'Trust/Files', 'Memory/Files', 'Logging/State/Files', 'Log/State/Files'];
        if (kept.includes(place(policy.Bucket.Ref))) {
          expect(allowed).toEqual([]);
          continue;
        }
        expect(allowed).toHaveLength(1);
        const [only] = allowed;
        if (place(policy.Bucket.Ref).endsWith('/AccessLogs')) {
          expect(only?.Principal).toEqual({ Service: ['logging.s3.amazonaws.com'] });
          expect(only?.Action).toEqual(['s3:PutObject']);
        } else {
          expect(only?.Principal).toEqual({ Service: ['cloudfront.amazonaws.com'] });
          expect(only?.Action).toEqual(['s3:GetObject']);
          const source = textOf(only?.Condition?.['StringEquals']?.['AWS:SourceArn'], place);
          expect(source).toMatch(/:distribution\/((Status|Log)\/)?Site\/Distribution$/);
        }
      }
    }
  });

  it('are served over HTTPS from the configured domain, and what changes is a minute old at most, of a log two seconds', () => {
    const changing = {
      'symbolon-registry': [
        'metadata/timestamp.json',
        'trust.bundle',
        'log/checkpoint',
        'log/witnessed',
        'log/anchors.json',
      ],
      [REGION]: ['lists/*'],
      log: ['checkpoint', 'witnessed'],
    };
    const domains = { [REGION]: 'lists.cn-hb.example', log: 'log.cn-hb.example' };
    for (const [name, paths] of Object.entries(changing)) {
      const [stack, seconds] = name === 'log' ? [REGION, 2] : [name, 60];
      const template = all.template(stack);
      template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
        CachePolicyConfig: { MinTTL: 0, DefaultTTL: seconds, MaxTTL: seconds },
      });
      const [shortly] = Object.keys(
        template.findResources('AWS::CloudFront::CachePolicy', {
          Properties: { CachePolicyConfig: { MaxTTL: seconds } },
        }),
      );
      template.hasResourceProperties('AWS::CloudFront::Distribution', {
        DistributionConfig: {
          Aliases: [own(domains, name) ?? 'registry.federation.example'],
          ViewerCertificate: Match.objectLike({ MinimumProtocolVersion: 'TLSv1.2_2021' }),
          DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: 'https-only' }),
          CacheBehaviors: paths.map((path) =>
            Match.objectLike({
              PathPattern: path,
              ViewerProtocolPolicy: 'https-only',
              CachePolicyId: { Ref: shortly },
            }),
          ),
          Origins: [Match.objectLike({ OriginAccessControlId: Match.anyValue() })],
        },
      });
    }
  });
});

import { DecisionsUpkeepConfig } from '@symbolon/functions/decisions-upkeep/config';
import { IssuerApiConfig } from '@symbolon/functions/issuer-api/config';
import { KeyEpochConfig } from '@symbolon/functions/key-epoch/config';
import { LogSequenceConfig } from '@symbolon/functions/log-sequence/config';
import { RegistryPublishConfig } from '@symbolon/functions/registry-publish/config';
import { RegistryTimestampConfig } from '@symbolon/functions/registry-timestamp/config';
import type { LogCatalogue } from '@symbolon/functions/runtime/log';
import { StatusPublishConfig } from '@symbolon/functions/status-publish/config';
import { VerifierApiConfig } from '@symbolon/functions/verifier-api/config';
import { WitnessConfig } from '@symbolon/functions/witness/config';
import { LIMITS } from '@symbolon/protocol/limits';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { textOf } from './support/intrinsics.ts';
import { type Synthesised, synthesise } from './support/synthesised.ts';

const REGION = 'symbolon-region-CN-HB';
const REGISTRY = 'symbolon-registry';
const VERIFIER = 'symbolon-verifier-gates';
const WITNESS = 'symbolon-witness-university';
const BELOW = 'symbolon-region-CN-HB--xiangyang';

let all: Synthesised;
beforeAll(() => {
  all = synthesise();
});
afterAll(() => all.remove());

const FunctionResource = z.object({
  Properties: z.object({
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
    ReservedConcurrentExecutions: z.optional(z.int()),
    Timeout: z.int(),
    DeadLetterConfig: z.optional(z.unknown()),
  }),
});

/** The one function whose logical id starts so. */
function functionOf(template: Template, start: string) {
  const found = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
    id.startsWith(start),
  );
  const [entry] = found;
  if (entry === undefined || found.length > 1) throw new Error(`not one function is called ${start}`);
  return { id: entry[0], ...FunctionResource.parse(entry[1]).Properties };
}

/** Names as AWS makes them. */
function deployed(id: string, attribute: string | undefined): string {
  if (id === 'AWS::Partition') return 'aws';
  if (attribute === undefined) return `${id.toLowerCase()}-1x2y3z`;
  return `arn:aws:kms:ap-east-1:222222222222:key/${id}`;
}

describe('functions', () => {
  it.each([
    [REGION, 'Issuing', IssuerApiConfig],
    [REGION, 'Status', StatusPublishConfig],
    [REGION, 'Upkeep', DecisionsUpkeepConfig],
    [REGION, 'Epochs', KeyEpochConfig],
    [REGION, 'Logging', LogSequenceConfig],
    [WITNESS, 'Witness', WitnessConfig],
    [REGISTRY, 'RegistryTimestamp', RegistryTimestampConfig],
    [REGISTRY, 'Publishing', RegistryPublishConfig],
    [VERIFIER, 'Verifying', VerifierApiConfig],
  ])(
    'REQ-ISS-015: %s %s gets exactly the environment that its configuration reads',
    (stack, start, schema) => {
      const { Environment } = functionOf(all.template(stack), start);
      const environment = Object.fromEntries(
        Object.entries(Environment.Variables).map(([name, value]) => [name, textOf(value, deployed)]),
      );
      // A passphrase opens key files on one machine, and KMS keys have none. A region's keys come from its vault, and are not named one by one.
      const spared = ['PASSPHRASE_URI', ...(stack === REGION ? ['SIGNING_KEYS'] : [])];
      const read = Object.keys(schema.shape).filter((name) => !spared.includes(name));
      expect(Object.keys(environment).toSorted()).toEqual(read.toSorted());
      expect(z.safeParse(schema, environment).error?.issues).toBeUndefined();
    },
  );

  it('REQ-ISS-015: the environment says what the deployment says', () => {
    const { Environment } = functionOf(all.template(REGION), 'Status');
    const environment = Object.fromEntries(
      Object.entries(Environment.Variables).map(([name, value]) => [name, textOf(value, deployed)]),
    );
    expect(StatusPublishConfig.parse(environment)).toMatchObject({
      REGION: 'CN-HB',
      REGISTRY_URL: 'https://registry.federation.example',
      ROOT_SHA256: '0'.repeat(64),
      REGISTRY_COPY_URI: expect.stringMatching(/^s3:\/\/vaultfiles[0-9a-z-]+\/registry$/),
      EPOCH_KEYS_URI: expect.stringMatching(/^s3:\/\/vaultfiles[0-9a-z-]+$/),
      WRAPPING_KEY_URI: expect.stringMatching(/^awskms:\/\/\/arn:aws:kms:.+:key\/VaultWrappingKey/),
      OBJECTS_URI: expect.stringMatching(/^s3:\/\/statussitefiles[0-9a-z-]+$/),
      LIST_ENTRIES: 131_072,
      LIST_TTL_SECONDS: 300,
      LIST_RESIGN_SECONDS: 3600,
      LIST_READABLE_SECONDS: 352_800,
      LIST_AHEAD_HOURS: 264,
      LIST_BITSTRING: 'yes',
      LIST_COMPACT: 'no',
    });
  });

  it('REQ-LOG-003: a region reads its own log where it lies, and one that logs above it reads that by its URL', () => {
    const logOf = (stack: string, start: string) =>
      textOf(functionOf(all.template(stack), start).Environment.Variables['LOG_URI'], deployed);
    for (const start of ['Issuing', 'Upkeep']) {
      expect(logOf(REGION, start)).toMatch(/^s3:\/\/logsitefiles[0-9a-z-]+$/);
      expect(logOf(BELOW, start)).toBe('https://log.cn-hb.example');
    }
    const { Environment } = functionOf(all.template(REGION), 'Logging');
    expect(textOf(Environment.Variables['REGIONS_BELOW'], deployed)).toMatch(
      /^CN-HB\.xiangyang=symbolon-region/,
    );
    expect(Object.keys(all.template(BELOW).findResources('AWS::Lambda::Function')).join()).not.toMatch(
      /Logging/,
    );
  });

  it('run on Node 24, arm64, and write to a log group that forgets', () => {
    for (const [name] of all.stacks) {
      const template = all.template(name);
      template.allResourcesProperties('AWS::Lambda::Function', {
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogGroup: { Ref: Match.anyValue() } },
      });
      template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
    }
  });

  it.each([
    [REGISTRY, 'RegistryTimestamp', 'rate(1 hour)', 3600],
    [REGION, 'Upkeep', 'rate(1 minute)', 60],
    [REGION, 'Status', 'rate(5 minutes)', 300],
    [REGION, 'Epochs', 'rate(1 hour)', 3600],
  ])('%s %s runs alone, on time, and what it gives up is kept', (stack, start, rate, seconds) => {
    const template = all.template(stack);
    const { id, Timeout, ReservedConcurrentExecutions, DeadLetterConfig } = functionOf(template, start);
    expect(ReservedConcurrentExecutions).toBe(1);
    expect(Timeout).toBeLessThan(seconds);
    expect(DeadLetterConfig).toEqual({
      TargetArn: { 'Fn::GetAtt': [expect.stringContaining('GivenUp'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: rate,
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [id, 'Arn'] },
          DeadLetterConfig: { Arn: Match.anyValue() },
        }),
      ],
    });
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  it('log-sequence runs alone and nearly always: a run that ends late keeps the next one waiting, not out', () => {
    const template = all.template(REGION);
    const { id, Environment, Timeout, ReservedConcurrentExecutions } = functionOf(template, 'Logging');
    expect(ReservedConcurrentExecutions).toBe(1);
    const run = Number(Environment.Variables['RUN_SECONDS']);
    expect([run >= 50, run < 60, Timeout > run + 9, Timeout < 2 * 60]).toEqual([true, true, true, true]);
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [id, 'Arn'] } })],
    });
  });
});

describe('alarms', () => {
  it.each([
    [REGISTRY, 'registry-timestamp', 10_800],
    [REGION, 'decisions-upkeep', 180],
    [REGION, 'status-publish', 900],
    [REGION, 'key-epoch', 10_800],
    [REGION, 'log-sequence', 180],
  ])(
    '%s: %s rings when it fails, when it gives up, and when nothing is heard of it',
    (stack, name, silence) => {
      const template = all.template(stack);
      template.hasResourceProperties('AWS::Logs::MetricFilter', {
        FilterPattern: '{ $.event = "schedule.done" }',
        MetricTransformations: [{ MetricName: `${name}-done`, MetricNamespace: stack, MetricValue: '1' }],
      });
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: `${name}-done`,
        Namespace: stack,
        Statistic: 'Sum',
        Period: silence,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'Errors',
        Namespace: 'AWS/Lambda',
        AlarmDescription: Match.stringLikeRegexp(`^${name} failed`),
      });
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'ApproximateNumberOfMessagesVisible',
        AlarmDescription: Match.stringLikeRegexp(`^${name} gave up`),
      });
    },
  );

  it.each([
    [REGION, 'Issuing'],
    [REGISTRY, 'Publishing'],
    [VERIFIER, 'Verifying'],
    [WITNESS, 'Witness'],
  ])('%s %s rings when it crashes and when it answers 5xx', (stack, start) => {
    const template = all.template(stack);
    const { id } = functionOf(template, start);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: '5xx',
      Namespace: 'AWS/ApiGateway',
    });
  });

  it('REQ-REG-009 a region rings when it has gone by what it knew of the registry for two hours', () => {
    const template = all.template(REGION);
    const [event, metric]: [keyof LogCatalogue, string] = ['registry.absent', 'registry-absent'];
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ $.event = "${event}" }`,
      MetricTransformations: [{ MetricName: metric, MetricNamespace: REGION, MetricValue: '1' }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Namespace: REGION,
      Period: 3600,
      EvaluationPeriods: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it('REQ-REG-009 a verifier rings when it found no newer bundle for two hours', () => {
    const template = all.template(VERIFIER);
    const [event, metric]: [keyof LogCatalogue, string] = ['trust.absent', 'trust-absent'];
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ $.event = "${event}" }`,
      MetricTransformations: [{ MetricName: metric, MetricNamespace: VERIFIER, MetricValue: '1' }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Namespace: VERIFIER,
      Period: 3600,
      EvaluationPeriods: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it.each<[keyof LogCatalogue, string, number, number, number]>([
    ['log.damaged', 'log-damaged', 1, 60, 1],
    ['log.witnesses-too-few', 'log-witnesses-too-few', 4, 300, 3],
  ])('REQ-LOG-015 REQ-LOG-005 a region rings at %s', (event, metric, count, period, periods) => {
    const template = all.template(REGION);
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ $.event = "${event}" }`,
      MetricTransformations: [{ MetricName: metric, MetricNamespace: REGION, MetricValue: '1' }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Namespace: REGION,
      Statistic: 'Sum',
      Threshold: count,
      Period: period,
      EvaluationPeriods: periods,
      TreatMissingData: 'notBreaching',
    });
  });

  it('REQ-ISS-031 a region rings when a burst is held, whichever function noticed it, and says what to do', () => {
    const template = all.template(REGION);
    const event: keyof LogCatalogue = 'burst.held';
    const filters = template.findResources('AWS::Logs::MetricFilter', {
      Properties: {
        FilterPattern: `{ $.event = "${event}" }`,
        MetricTransformations: [{ MetricName: 'burst-held', MetricNamespace: REGION, MetricValue: '1' }],
      },
    });
    const logs = Object.values(filters).map((filter) => filter['Properties'].LogGroupName.Ref);
    expect(logs.toSorted()).toEqual([
      expect.stringMatching(/^IssuingIssuerApiLogs/),
      expect.stringMatching(/^UpkeepDecisionsUpkeepRunLogs/),
    ]);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'burst-held',
      Namespace: REGION,
      Statistic: 'Sum',
      Threshold: 1,
      // Within a minute.
      Period: 60,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      AlarmDescription: Match.stringLikeRegexp(`${LIMITS.burstHoldHours} hours.+withdraw the rule`),
    });
  });

  it('every alarm reaches the configured topic, and says what it leads to', () => {
    for (const [name, stack] of all.stacks) {
      const topic = `arn:aws:sns:${stack.region}:${stack.account}:example-alarms`;
      const template = all.template(name);
      template.allResourcesProperties('AWS::CloudWatch::Alarm', {
        AlarmActions: [topic],
        OKActions: [topic],
        AlarmDescription: Match.stringLikeRegexp('\\. .+\\.$'),
      });
    }
  });
});

describe('the endpoints', () => {
  it.each([
    [REGION, 'issuer.cn-hb.example', 20],
    [REGISTRY, 'publish.federation.example', 5],
    [VERIFIER, 'verify.federation.example', 50],
    [WITNESS, 'witness.university.example', 20],
  ])(
    '%s is reached by its own domain only, is throttled, and opens to no other origin',
    (stack, domain, rate) => {
      const template = all.template(stack);
      template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
        ProtocolType: 'HTTP',
        DisableExecuteApiEndpoint: true,
        CorsConfiguration: Match.absent(),
      });
      template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
        DomainName: domain,
        DomainNameConfigurations: [Match.objectLike({ SecurityPolicy: 'TLS_1_2' })],
      });
      template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
        StageName: '$default',
        DefaultRouteSettings: { ThrottlingBurstLimit: 2 * rate, ThrottlingRateLimit: rate },
      });
      template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    },
  );

  it.each([REGION, REGISTRY, VERIFIER, WITNESS])(
    '%s: functions are called by their gateway and their clock alone',
    (stack) => {
      all.template(stack).allResourcesProperties('AWS::Lambda::Permission', {
        Principal: Match.stringLikeRegexp('^(apigateway|events)\\.amazonaws\\.com$'),
        SourceArn: Match.anyValue(),
      });
    },
  );

  it('REQ-ISS-002 publications are as many at once as a registry can be read, and no more', () => {
    const { ReservedConcurrentExecutions, Timeout } = functionOf(all.template(REGISTRY), 'Publishing');
    expect([ReservedConcurrentExecutions, Timeout]).toEqual([4, 29]);
  });

  it.each([REGION, REGISTRY, VERIFIER, WITNESS])(
    '%s logs no address, no agent, no path and no identity',
    (stack) => {
      const Stage = z.object({
        Properties: z.object({ AccessLogSettings: z.object({ Format: z.string() }) }),
      });
      const stages = Object.values(all.template(stack).findResources('AWS::ApiGatewayV2::Stage'));
      expect(stages).toHaveLength(1);
      for (const stage of stages) {
        const { Format } = Stage.parse(stage).Properties.AccessLogSettings;
        const logged = Format.match(/\$context\.[a-zA-Z.]+/g) ?? [];
        const harmless = [
          'requestId',
          'requestTime',
          'httpMethod',
          'status',
          'responseLatency',
          'responseLength',
          'integrationErrorMessage',
        ];
        expect(logged.toSorted()).toEqual(harmless.map((name) => `$context.${name}`).toSorted());
      }
    },
  );
});

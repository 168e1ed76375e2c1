import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  DomainName,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface HttpEndpointProps {
  readonly domain: string;
  /** In the AWS region of the stack. */
  readonly certificateArn: string;
  readonly description: string;
  /** Of all callers together. More are answered with 429. */
  readonly requestsPerSecond: number;
  readonly serves: IFunction;
  /** Why the gateway itself asks for no credential: read by an auditor. */
  readonly openBecause: string;
}

/** No address, user agent, path, query or identity: how often, how fast and how well, and nothing about who. */
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  bytes: '$context.responseLength',
  failure: '$context.integrationErrorMessage',
};

/**
 * A function on the Internet: its own domain, TLS 1.2 or later, and no second address beside it. Every request goes to the function, which alone
 * knows its routes. No CORS: a page on another origin cannot read an answer.
 */
export class HttpEndpoint extends Construct {
  readonly domain: DomainName;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: HttpEndpointProps) {
    super(scope, id);
    this.domain = new DomainName(this, 'Domain', {
      domainName: props.domain,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    const api = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      description: props.description,
      createDefaultStage: false,
      disableExecuteApiEndpoint: true,
      defaultIntegration: new HttpLambdaIntegration('Function', props.serves),
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The default stage has no name in its paths, as the function expects.
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.requestsPerSecond, burstLimit: 2 * props.requestsPerSecond },
      domainMapping: { domainName: this.domain },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });

    Validations.of(api).acknowledge({ id: 'AwsSolutions-APIG4', reason: props.openBecause });
  }
}

import type { FunctionName } from '@symbolon/functions/functions';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { NarrowRole } from './narrow-role.ts';

/** The folder of a function's bundle: the one that also runs on one machine. */
export type Bundles = (name: FunctionName) => string;

export interface BundledFunctionProps {
  readonly name: FunctionName;
  readonly bundles: Bundles;
  readonly description: string;
  readonly role: NarrowRole;
  /** Exactly the variables of the function's config.ts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMebibytes: number;
  readonly timeout: Duration;
  /** At most so many at once. */
  readonly concurrency?: number;
  /** Where events go that it failed to handle. */
  readonly deadLetters?: IQueue;
}

/** A Lambda function on Node 24, arm64, with a log group of its own, to which it alone writes. */
export class BundledFunction extends Construct {
  readonly lambda: Lambda;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    // The catalogue of log lines holds no personal data, so three months of them may be kept.
    this.logs = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    props.role.may({
      to: 'WriteItsOwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      on: [this.logs.logGroupArn],
    });
    this.lambda = new Lambda(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundles(props.name)),
      handler: 'index.handler',
      role: props.role,
      logGroup: this.logs,
      environment: { ...props.environment },
      memorySize: props.memoryMebibytes,
      timeout: props.timeout,
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      ...(props.deadLetters === undefined ? {} : { deadLetterQueue: props.deadLetters }),
    });
  }
}

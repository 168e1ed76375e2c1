import type { LogCatalogue } from '@symbolon/functions/runtime/log';
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmAt, alarmOnSilence } from './alarms.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import { countLines } from './log-lines.ts';

/** The line that every scheduled function writes at the end of a run that did all its work. */
const DONE: keyof LogCatalogue = 'schedule.done';
const TRIES_AFTER_FAILURE = 2;

export interface ScheduledFunctionProps extends Omit<BundledFunctionProps, 'concurrency' | 'deadLetters'> {
  readonly every: Duration;
  readonly alarmTopic: ITopic;
  /** What becomes of people and verifiers when it stops: said in its alarms. */
  readonly consequence: string;
}

/**
 * A function that a clock starts, one run at a time: two runs would only beat each other to the same compare-and-swap. It is watched in three ways:
 * runs that fail, runs that were given up (they lie in the dead letter queue), and, whatever the cause, no success for three intervals.
 */
export class ScheduledFunction extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);
    const { every, alarmTopic: topic, consequence } = props;
    const deadLetters = new Queue(this, 'GivenUp', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.function = new BundledFunction(this, 'Run', { ...props, concurrency: 1, deadLetters });
    const { lambda, logs } = this.function;

    // A run that could not start before the next one is due is not worth starting.
    lambda.configureAsyncInvoke({ retryAttempts: TRIES_AFTER_FAILURE, maxEventAge: every });
    new Rule(this, 'Schedule', {
      description: `Starts ${props.name}`,
      schedule: Schedule.rate(every),
      targets: [
        new LambdaFunction(lambda, {
          deadLetterQueue: deadLetters,
          retryAttempts: TRIES_AFTER_FAILURE,
          maxEventAge: every,
        }),
      ],
    });

    alarmAt(this, 'FailsTwice', 1, {
      topic,
      metric: lambda.metricErrors({ period: every }),
      periods: 2,
      says: `${props.name} failed in two intervals on end. ${consequence}`,
    });
    alarmAt(this, 'GaveUp', 1, {
      topic,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(),
      says: `${props.name} gave up a run. Its log says why; empty the queue when it is understood. ${consequence}`,
    });
    alarmOnSilence(this, 'Silence', {
      topic,
      metric: countLines(this, 'Successes', logs, {
        event: DONE,
        name: `${props.name}-done`,
        period: Duration.seconds(3 * every.toSeconds()),
      }),
      says: `${props.name} has not succeeded for three intervals. ${consequence}`,
    });
  }
}

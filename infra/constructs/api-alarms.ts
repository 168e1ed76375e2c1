import { Duration } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmAt } from './alarms.ts';

export interface ApiAlarmsProps {
  readonly topic: ITopic;
  /** What the function is called. */
  readonly name: string;
  readonly lambda: IFunction;
  readonly stage: HttpStage;
  /** So many answers of 5xx in five minutes, twice on end, ring. */
  readonly failures: number;
  /** Where an answer of 5xx most likely comes from. */
  readonly failsWhen?: string;
  /** What it leads to for those who ask it. */
  readonly consequence: string;
}

/** Rings when a function behind an API crashes or runs out of time, and when it answers that it cannot. */
export function alarmOnApi(scope: Construct, props: ApiAlarmsProps): void {
  const { topic, name, lambda, stage, failures, failsWhen, consequence } = props;
  const period = Duration.minutes(5);
  alarmAt(scope, 'Crashes', 1, {
    topic,
    metric: lambda.metricErrors({ period }),
    says: `${name} crashed or ran out of time. ${consequence}`,
  });
  alarmAt(scope, 'Fails', failures, {
    topic,
    metric: stage.metricServerError({ period, statistic: 'Sum' }),
    periods: 2,
    says: `${name} answers 5xx${failsWhen === undefined ? '' : `: ${failsWhen}`}. ${consequence}`,
  });
}

import type { LogCatalogue } from '@symbolon/functions/runtime/log';
import { type Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface CountedLines {
  readonly event: keyof LogCatalogue;
  /** What the metric is called in the namespace of the stack. */
  readonly name: string;
  readonly period: Duration;
}

/** How many lines of one event were in a function's log in each period, as a metric of its stack. */
export function countLines(
  scope: Construct,
  id: string,
  logGroup: ILogGroup,
  { event, name, period }: CountedLines,
): Metric {
  const filter = new MetricFilter(scope, id, {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.event', '=', event),
    metricNamespace: Stack.of(scope).stackName,
    metricName: name,
    metricValue: '1',
  });
  return filter.metric({ statistic: 'Sum', period });
}

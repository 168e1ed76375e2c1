import type { LogCatalogue } from '@symbolon/functions/runtime/log';
import { Stack } from 'aws-cdk-lib';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Counts the lines of one event in a function's log, as a metric of its stack. */
export function countLines(
  scope: Construct,
  id: string,
  logGroup: ILogGroup,
  event: keyof LogCatalogue,
  metricName: string,
): MetricFilter {
  return new MetricFilter(scope, id, {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.event', '=', event),
    metricNamespace: Stack.of(scope).stackName,
    metricName,
    metricValue: '1',
  });
}

import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlarmProps {
  readonly topic: ITopic;
  readonly metric: IMetric;
  /** What has happened and what it leads to: this is the text that wakes someone up. */
  readonly says: string;
  /** In how many periods on end. */
  readonly periods?: number;
}

/** Rings when the metric reaches `count`. Nothing measured means nothing happened. */
export function alarmAt(scope: Construct, id: string, count: number, props: AlarmProps): Alarm {
  return alarm(scope, id, props, {
    threshold: count,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Rings when what should happen does not. Nothing measured is the very thing that it rings for. */
export function alarmOnSilence(scope: Construct, id: string, props: AlarmProps): Alarm {
  return alarm(scope, id, props, {
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
}

interface Comparison {
  readonly threshold: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly treatMissingData: TreatMissingData;
}

function alarm(scope: Construct, id: string, props: AlarmProps, comparison: Comparison): Alarm {
  const { topic, metric, says, periods = 1 } = props;
  const made = new Alarm(scope, id, {
    metric,
    alarmDescription: says,
    evaluationPeriods: periods,
    ...comparison,
  });
  made.addAlarmAction(new SnsAction(topic));
  made.addOkAction(new SnsAction(topic));
  return made;
}

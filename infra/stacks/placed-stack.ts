import { CfnOutput, Stack } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Where a stack stands, and who hears of its alarms. */
export interface Place {
  readonly account: string;
  readonly awsRegion: string;
  readonly alarmTopicArn: string;
}

/** Value and description of each, by name. */
export type Outputs = Readonly<Record<string, readonly [value: string, description: string]>>;

/** A stack in the place that the configuration gives it. It is not deleted by mistake. */
export class PlacedStack extends Stack {
  protected readonly alarmTopic: ITopic;

  constructor(scope: Construct, name: string, place: Place, description: string) {
    super(scope, name, {
      env: { account: place.account, region: place.awsRegion },
      description: `Symbolon: ${description}`,
      terminationProtection: true,
    });
    this.alarmTopic = Topic.fromTopicArn(this, 'AlarmTopic', place.alarmTopicArn);
  }

  /** What whoever deploys it must know afterwards. */
  protected tell(outputs: Outputs): void {
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description });
  }
}

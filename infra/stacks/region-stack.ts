import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { nameOfRegion, regionStack } from '../config/stack-ids.ts';
import { RegionTable } from '../constructs/region-table.ts';
import { Issuing } from './issuing.ts';
import type { RegionPartProps } from './region-part.ts';
import { StatusLists } from './status-lists.ts';

export type RegionStackProps = Pick<RegionPartProps, 'region' | 'registryUrl' | 'rootSha256' | 'bundles'>;

/**
 * A region's issuer: two halves that share a table and no key.
 *
 * What it may touch: its own people. It is trusted for what the registry says of its keys, and no more.
 *
 * What breaks if it fails: no new credential and no new revocation in this region. What was issued stays valid until it ends, in hours, and
 * verifiers everywhere go on offline.
 */
export class RegionStack extends Stack {
  constructor(scope: Construct, props: RegionStackProps) {
    const { region } = props;
    super(scope, regionStack(region.id), {
      env: { account: region.account, region: region.awsRegion },
      description: `Symbolon: issuer of region ${region.id}`,
      terminationProtection: true,
    });

    const part: RegionPartProps = {
      ...props,
      table: new RegionTable(this, 'Memory'),
      keyFolder: `symbolon/region/${nameOfRegion(region.id)}`,
      alarmTopic: Topic.fromTopicArn(this, 'AlarmTopic', region.alarmTopicArn),
    };
    const { endpoint } = new Issuing(this, 'Issuing', part);
    const { site } = new StatusLists(this, 'Status', part);

    const outputs = {
      IssuerTarget: [endpoint.domain.regionalDomainName, `CNAME target of ${region.issuer.domain}`],
      ListsTarget: [site.distribution.distributionDomainName, `CNAME target of ${region.lists.domain}`],
      IssuerEndpoint: [`https://${region.issuer.domain}`, 'endpoints.issuer of region.json'],
      ListsEndpoint: [`https://${region.lists.domain}/lists`, 'endpoints.lists of region.json'],
      KeyFolder: [`alias/${part.keyFolder}`, 'KMS keys whose public halves go into keys.json'],
    } as const;
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description });
  }
}

import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { nameOfRegion, regionStack } from '../config/stack-ids.ts';
import { KeyVault } from '../constructs/key-vault.ts';
import { RegionTable } from '../constructs/region-table.ts';
import { Epochs } from './epochs.ts';
import { Issuing } from './issuing.ts';
import type { RegionPartProps } from './region-part.ts';
import { StatusLists } from './status-lists.ts';
import { Upkeep, upkeepRole } from './upkeep.ts';

export type RegionStackProps = Pick<
  RegionPartProps,
  'region' | 'registryUrl' | 'publishUrl' | 'rootSha256' | 'bundles'
>;

/**
 * A region's issuer: one part issues, one revokes, and they share a table and no key. A third makes the keys of both, and reads no table. A fourth decides anew
 * what time and new rules change, and signs nothing.
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

    const keyFolder = `symbolon/region/${nameOfRegion(region.id)}`;
    const part: RegionPartProps = {
      ...props,
      table: new RegionTable(this, 'Memory'),
      vault: new KeyVault(this, 'Vault', { region: region.id, alias: `${keyFolder}/wrapping` }),
      keyFolder,
      alarmTopic: Topic.fromTopicArn(this, 'AlarmTopic', region.alarmTopicArn),
    };
    const upkeep = upkeepRole(this, 'UpkeepRole', part);
    const issuing = new Issuing(this, 'Issuing', { ...part, alsoReadsFacts: upkeep });
    new Upkeep(this, 'Upkeep', { ...part, role: upkeep, sealing: issuing.sealing, alsoHolds: issuing.logs });
    const { site } = new StatusLists(this, 'Status', part);
    new Epochs(this, 'Epochs', part);

    const outputs = {
      IssuerTarget: [issuing.endpoint.domain.regionalDomainName, `CNAME target of ${region.issuer.domain}`],
      ListsTarget: [site.distribution.distributionDomainName, `CNAME target of ${region.lists.domain}`],
      IssuerEndpoint: [`https://${region.issuer.domain}`, 'endpoints.issuer of region.json'],
      ListsEndpoint: [`https://${region.lists.domain}/lists`, 'endpoints.lists of region.json'],
      KeysRole: [`alias/${keyFolder}/keys-role`, `KMS key for the role ${region.id}.keys`],
      KeyFolder: [`alias/${keyFolder}`, 'Where the aliases of the KMS keys lie'],
    } as const;
    for (const [name, [value, description]] of Object.entries(outputs))
      new CfnOutput(this, name, { value, description });
  }
}

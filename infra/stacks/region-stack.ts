import type { Construct } from 'constructs';
import type { RegionDeployment } from '../config/deployment.ts';
import { nameOfRegion, regionStack } from '../config/stack-ids.ts';
import { KeyVault } from '../constructs/key-vault.ts';
import { LogSite } from '../constructs/log-site.ts';
import { RegionTable } from '../constructs/region-table.ts';
import { Epochs } from './epochs.ts';
import { Issuing } from './issuing.ts';
import { Logging, type RegionBelow } from './logging.ts';
import { PlacedStack } from './placed-stack.ts';
import { type RegionPartProps, servedLog } from './region-part.ts';
import { StatusLists } from './status-lists.ts';
import { Upkeep, upkeepRole } from './upkeep.ts';

export interface RegionStackProps
  extends Pick<RegionPartProps, 'region' | 'registryUrl' | 'publishUrl' | 'rootSha256' | 'bundles'> {
  /** Small regions that log in this one's log. */
  readonly below: readonly RegionBelow[];
  /** The region in whose log this one logs, where it has none of its own. */
  readonly above: RegionDeployment | undefined;
}

/**
 * A region's issuer: one part issues, one revokes, and they share a table and no key. A third makes the keys of both, and reads no table. A fourth decides anew
 * what time and new rules change, and signs nothing. A fifth puts what was decided into the region's log, whose key it alone has.
 *
 * What it may touch: its own people. It is trusted for what the registry says of its keys, and no more.
 *
 * What breaks if it fails: no new credential and no new revocation in this region. What was issued stays valid until it ends, in hours, and
 * verifiers everywhere go on offline.
 */
export class RegionStack extends PlacedStack {
  readonly table: RegionTable;

  constructor(scope: Construct, props: RegionStackProps) {
    const { region, below, above } = props;
    super(scope, regionStack(region.id), region, `issuer of region ${region.id}`);

    const keyFolder = `symbolon/region/${nameOfRegion(region.id)}`;
    this.table = new RegionTable(this, 'Memory', nameOfRegion(region.id).replaceAll('-', ''));
    const { log } = region;
    const logSite =
      log && new LogSite(this, 'Log', { ...log, description: `Symbolon log of decisions of ${region.id}` });
    const part: RegionPartProps = {
      ...props,
      table: this.table,
      decisionLog: logSite ?? (above?.log && servedLog(above.log.domain)),
      vault: new KeyVault(this, 'Vault', { region: region.id, alias: `${keyFolder}/wrapping` }),
      keyFolder,
      alarmTopic: this.alarmTopic,
    };
    const upkeep = upkeepRole(this, 'UpkeepRole', part);
    const issuing = new Issuing(this, 'Issuing', { ...part, alsoReadsFacts: upkeep });
    new Upkeep(this, 'Upkeep', { ...part, role: upkeep, sealing: issuing.sealing, alsoHolds: issuing.logs });
    const { site } = new StatusLists(this, 'Status', part);
    new Epochs(this, 'Epochs', part);
    if (logSite !== undefined) new Logging(this, 'Logging', { ...part, site: logSite, below });

    this.tell({
      IssuerTarget: [issuing.endpoint.domain.regionalDomainName, `CNAME target of ${region.issuer.domain}`],
      ListsTarget: [site.distribution.distributionDomainName, `CNAME target of ${region.lists.domain}`],
      IssuerEndpoint: [`https://${region.issuer.domain}`, 'endpoints.issuer of region.json'],
      ListsEndpoint: [`https://${region.lists.domain}/lists`, 'endpoints.lists of region.json'],
      KeysRole: [`alias/${keyFolder}/keys-role`, `KMS key for the role ${region.id}.keys`],
      ...(log === undefined || logSite === undefined
        ? {}
        : {
            LogTarget: [logSite.site.distribution.distributionDomainName, `CNAME target of ${log.domain}`],
            LogEndpoint: [`https://${log.domain}`, 'log.url of region.json'],
            LogKey: [`alias/${keyFolder}/log`, 'KMS key for log.keys of region.json'],
          }),
      KeyFolder: [`alias/${keyFolder}`, 'Where the aliases of the KMS keys lie'],
    });
  }
}

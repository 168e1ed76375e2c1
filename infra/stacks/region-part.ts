import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { RegionDeployment } from '../config/deployment.ts';
import type { Bundles } from '../constructs/bundled-function.ts';
import type { KeyVault } from '../constructs/key-vault.ts';
import type { RegionTable } from '../constructs/region-table.ts';

/** What the parts of a region's stack are made from. */
export interface RegionPartProps {
  readonly region: RegionDeployment;
  readonly registryUrl: string;
  /** Where signed events are sent. */
  readonly publishUrl: string;
  readonly rootSha256: string;
  readonly bundles: Bundles;
  readonly table: RegionTable;
  /** Where the issuing and status keys lie. */
  readonly vault: KeyVault;
  /** Where aliases of the region's keys lie. */
  readonly keyFolder: string;
  readonly alarmTopic: ITopic;
}

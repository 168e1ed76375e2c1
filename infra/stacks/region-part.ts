import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { RegionDeployment } from '../config/deployment.ts';
import type { Bundles } from '../constructs/bundled-function.ts';
import type { RegionTable } from '../constructs/region-table.ts';

/** What the two halves of a region's stack are made from. */
export interface RegionPartProps {
  readonly region: RegionDeployment;
  readonly registryUrl: string;
  readonly rootSha256: string;
  readonly bundles: Bundles;
  readonly table: RegionTable;
  /** Where aliases of the region's keys lie. */
  readonly keyFolder: string;
  readonly alarmTopic: ITopic;
}

import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { RegionDeployment } from '../config/deployment.ts';
import type { Bundles } from '../constructs/bundled-function.ts';
import type { KeyVault } from '../constructs/key-vault.ts';
import type { NarrowRole } from '../constructs/narrow-role.ts';
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
  /** The log that its decisions go to, for those who read it; nothing where it has none. */
  readonly decisionLog: ReadableLog | undefined;
}

export interface ReadableLog {
  /** As the adapters read it. */
  readonly uri: string;
  letRead(role: NarrowRole): void;
}

/** A log of another stack: it is public, so nobody needs to be let in. */
export function servedLog(domain: string): ReadableLog {
  return { uri: `https://${domain}`, letRead: () => undefined };
}

/** The variable that names it. */
export function logVariable(log: ReadableLog | undefined): { readonly LOG_URI?: string } {
  return log === undefined ? {} : { LOG_URI: log.uri };
}

import { type SampleWitness, sampleWitnessName } from '../sample/logs.ts';
import {
  type AnySampleRegion,
  SAMPLE_REGIONS,
  type SampleRegion,
  sampleDistrictsOf,
} from '../sample/regions.ts';
import type { DataFolder } from './data-folder.ts';
import { SECRET } from './federation-keys.ts';
import { DEVELOPMENT_ISSUER } from './operator.ts';

/** All run on this machine, whatever else it does: one that is slow is not one that is down. */
const WITNESS_SECONDS = '20';

/** Entries of one status list: small here, so that a restart is quick. */
const LIST_ENTRIES = 2 ** 16;
const LIST_TTL_SECONDS = 60;
const LIST_RESIGN_SECONDS = 3600;
/** As long as a gate may go on with an old bundle (the sample federation's `referAfterHours`), and two hours for the way there. */
const LIST_READABLE_SECONDS = (96 + 2) * 3600;
/** The longest validity of a scheme, and that. */
const LIST_AHEAD_HOURS = 24 + 96;

export function tableOf(region: AnySampleRegion): string {
  return `symbolon-${region}`;
}

/** What the verifier's function remembers of what was shown. */
export const VERIFIER_TABLE = 'symbolon-verifier';
/** The lists change within a minute here. */
const BUNDLE_REFRESH_SECONDS = 5;

export function folderOf(region: AnySampleRegion): string {
  return `regions/${region}`;
}

/** Below the network's base URL. */
export function pathOf(region: AnySampleRegion): string {
  return `/${region.toLowerCase().replaceAll('.', '-')}`;
}

/** Below the network's base URL: where tiles and checkpoints of a region's log are. */
export function logPathOf(region: SampleRegion): string {
  return `/log${pathOf(region)}`;
}

/** The registry's log lies beside what it logs. */
export const REGISTRY_LOG_PATH = '/registry/log';

export function witnessPathOf(witness: SampleWitness): string {
  return `/${witness}`;
}

/** Whether a region has a log of its own; a district logs under the region above it. */
export function hasLog(region: AnySampleRegion): region is SampleRegion {
  return SAMPLE_REGIONS.some((each) => each === region);
}

/** The region in whose log a region's decisions are. */
export function logRegionOf(region: AnySampleRegion): SampleRegion {
  const found = SAMPLE_REGIONS.find((each) => each === region || region.startsWith(`${each}.`));
  if (found === undefined) throw new TypeError('every region is one of the sample, or below one');
  return found;
}

type Environment = Readonly<Record<string, string>>;

/** Where the registry is, for a region. */
export interface RegistryPlace {
  readonly url: string;
  readonly publishUrl: string;
  readonly rootSha256: string;
  /** As the function has it, when left out. */
  readonly epochHours: number | undefined;
  /** As much as gates with an old bundle need, when left out. */
  readonly listAheadHours: number | undefined;
}

export interface RegionEnvironments {
  readonly api: Environment;
  readonly upkeep: Environment;
  readonly statusPublish: Environment;
  readonly keyEpoch: Environment;
}

/** The same variables that the CDK stacks give, with `file:` where those have `awskms:` and `s3:`. */
export function regionEnvironments(
  folder: DataFolder,
  region: AnySampleRegion,
  { url, publishUrl, rootSha256, epochHours, listAheadHours }: RegistryPlace,
  dynamo: Environment,
): RegionEnvironments {
  const custody = {
    REGION: region,
    REGISTRY_URL: url,
    ROOT_SHA256: rootSha256,
    REGISTRY_COPY_URI: folder.url(`${folderOf(region)}/registry/`).href,
    EPOCH_KEYS_URI: folder.url(...SECRET.epochKeys(region)).href,
    PASSPHRASE_URI: folder.url(...SECRET.passphrase).href,
  };
  const shared = {
    ...dynamo,
    ...custody,
    TABLE_NAME: tableOf(region),
    LIST_ENTRIES: String(LIST_ENTRIES),
  };
  return {
    keyEpoch: {
      ...custody,
      KEYS_ROLE_KEY: folder.url(...SECRET.key(`${region}.keys`)).href,
      REGISTRY_PUBLISH_URL: publishUrl,
      ...(epochHours === undefined ? {} : { EPOCH_HOURS: String(epochHours) }),
    },
    api: {
      ...shared,
      BLIND_INDEX_URI: folder.url(...SECRET.blindIndex(region)).href,
      SEALING_URI: folder.url(...SECRET.sealing(region)).href,
      OPERATOR_JWKS_URI: folder.url(...SECRET.operatorJwks).href,
      OPERATOR_ISSUER: DEVELOPMENT_ISSUER,
      LOG_URI: folder.url('logs', logRegionOf(region), '').href,
    },
    upkeep: {
      ...dynamo,
      REGION: region,
      REGISTRY_URL: url,
      ROOT_SHA256: rootSha256,
      REGISTRY_COPY_URI: custody.REGISTRY_COPY_URI,
      TABLE_NAME: tableOf(region),
      SEALING_URI: folder.url(...SECRET.sealing(region)).href,
      LOG_URI: folder.url('logs', logRegionOf(region), '').href,
    },
    statusPublish: {
      ...shared,
      OBJECTS_URI: folder.url(`${folderOf(region)}/`).href,
      LIST_TTL_SECONDS: String(LIST_TTL_SECONDS),
      LIST_RESIGN_SECONDS: String(LIST_RESIGN_SECONDS),
      LIST_READABLE_SECONDS: String(LIST_READABLE_SECONDS),
      LIST_AHEAD_HOURS: String(listAheadHours ?? LIST_AHEAD_HOURS),
      LIST_BITSTRING: 'yes',
    },
  };
}

/** One sequencer for a province and its districts. Each call is one round: the network calls it as often as a second has passed. */
export function sequencerEnvironment(
  folder: DataFolder,
  region: SampleRegion,
  { url, rootSha256 }: RegistryPlace,
  dynamo: Environment,
): Environment {
  const below = sampleDistrictsOf(region).map((district) => `${district}=${tableOf(district)}`);
  return {
    ...dynamo,
    REGION: region,
    REGISTRY_URL: url,
    ROOT_SHA256: rootSha256,
    REGISTRY_COPY_URI: folder.url(`${folderOf(region)}/registry/`).href,
    TABLE_NAME: tableOf(region),
    ...(below.length === 0 ? {} : { REGIONS_BELOW: below.join(',') }),
    LOG_KEY: folder.url(...SECRET.key(`${region}.log`)).href,
    PASSPHRASE_URI: folder.url(...SECRET.passphrase).href,
    OBJECTS_URI: folder.url('logs', region, '').href,
    STATE_URI: folder.url('log-state', region, '').href,
    // Each run is one round, begun from outside: it may take until all is settled that waits.
    RUN_SECONDS: '1',
    ROUND_SECONDS: '60',
    WITNESS_SECONDS,
  };
}

export function witnessEnvironment(folder: DataFolder, witness: SampleWitness): Environment {
  return {
    WITNESS_NAME: sampleWitnessName(witness),
    WITNESS_KEY: folder.url(...SECRET.key(witness)).href,
    PASSPHRASE_URI: folder.url(...SECRET.passphrase).href,
    LOGS_URI: folder.url('witnesses', 'logs.txt').href,
    STATE_URI: folder.url('witnesses', witness, '').href,
  };
}

export function registryEnvironment(folder: DataFolder, rootSha256: string): Environment {
  return {
    OBJECTS_URI: folder.url('registry/').href,
    ROOT_SHA256: rootSha256,
    SIGNING_KEYS: folder.url(...SECRET.key('online')).href,
    LOG_KEY: folder.url(...SECRET.key('registry-log')).href,
    LOG_STATE_URI: folder.url('log-state', 'registry', '').href,
    WITNESS_SECONDS,
    PASSPHRASE_URI: folder.url(...SECRET.passphrase).href,
  };
}

/** A verifier of whoever likes: it has no key. */
export function verifierEnvironment(
  folder: DataFolder,
  rootSha256: string,
  dynamo: Environment,
): Environment {
  return {
    ...dynamo,
    BUNDLE_URI: folder.url('registry/').href,
    ROOT_SHA256: rootSha256,
    STATE_URI: folder.url('verifier/').href,
    REFRESH_SECONDS: String(BUNDLE_REFRESH_SECONDS),
    REPLAY_TABLE: VERIFIER_TABLE,
  };
}

import type { SampleRegion } from '../sample/regions.ts';
import type { DataFolder } from './data-folder.ts';
import { keyNames, SECRET } from './federation-keys.ts';
import { DEVELOPMENT_ISSUER } from './operator.ts';

/** Entries of one status list: small here, so that a restart is quick. */
const LIST_ENTRIES = 2 ** 16;
const LIST_TTL_SECONDS = 60;
const LIST_RESIGN_SECONDS = 3600;
/** As long as a gate may go on with an old bundle (the sample federation's `referAfterHours`), and two hours for the way there. */
const LIST_READABLE_SECONDS = (96 + 2) * 3600;
/** The longest validity of a scheme, and that. */
const LIST_AHEAD_HOURS = 24 + 96;

export function tableOf(region: SampleRegion): string {
  return `symbolon-${region}`;
}

export function folderOf(region: SampleRegion): string {
  return `regions/${region}`;
}

type Environment = Readonly<Record<string, string>>;

/** The same variables that the CDK stacks give, with `file:` where those have `awskms:` and `s3:`. */
export async function issuerEnvironment(
  folder: DataFolder,
  region: SampleRegion,
  registryUrl: string,
  rootSha256: string,
  dynamo: Environment,
): Promise<{ readonly api: Environment; readonly statusPublish: Environment }> {
  const shared = {
    ...dynamo,
    REGION: region,
    REGISTRY_URL: registryUrl,
    ROOT_SHA256: rootSha256,
    TABLE_NAME: tableOf(region),
    PASSPHRASE_URI: folder.url(...SECRET.passphrase).href,
    LIST_ENTRIES: String(LIST_ENTRIES),
  };
  return {
    api: {
      ...shared,
      SIGNING_KEYS: await signingKeys(folder, `${region}.credential`),
      BLIND_INDEX_URI: folder.url(...SECRET.blindIndex(region)).href,
      SEALING_URI: folder.url(...SECRET.sealing(region)).href,
      OPERATOR_JWKS_URI: folder.url(...SECRET.operatorJwks).href,
      OPERATOR_ISSUER: DEVELOPMENT_ISSUER,
    },
    statusPublish: {
      ...shared,
      SIGNING_KEYS: await signingKeys(folder, `${region}.status`),
      OBJECTS_URI: folder.url(`${folderOf(region)}/`).href,
      LIST_TTL_SECONDS: String(LIST_TTL_SECONDS),
      LIST_RESIGN_SECONDS: String(LIST_RESIGN_SECONDS),
      LIST_READABLE_SECONDS: String(LIST_READABLE_SECONDS),
      LIST_AHEAD_HOURS: String(LIST_AHEAD_HOURS),
    },
  };
}

async function signingKeys(folder: DataFolder, base: string): Promise<string> {
  const names = await keyNames(folder, base);
  return names.map((name) => folder.url(...SECRET.key(name)).href.replaceAll(',', '%2C')).join(',');
}

export function registryEnvironment(folder: DataFolder, rootSha256: string): Environment {
  return {
    OBJECTS_URI: folder.url('registry/').href,
    ROOT_SHA256: rootSha256,
    SIGNING_KEYS: folder.url(...SECRET.key('online')).href,
    PASSPHRASE_URI: folder.url(...SECRET.passphrase).href,
  };
}

import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '@symbolon/keys/digest';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { fileObjects, isCode } from '../files/objects.ts';
import { type Mount, startHttpFront } from '../lambda/http-front.ts';
import type { Lambda } from '../lambda/lambda.ts';
import { SAMPLE_WITNESSES } from '../sample/logs.ts';
import {
  ALL_SAMPLE_REGIONS,
  type AnySampleRegion,
  SAMPLE_REGIONS,
  type SampleRegion,
  sampleIssuer,
} from '../sample/regions.ts';
import type { SampleScheme } from '../sample/schemes.ts';
import { type DataFolder, DataFolderError, damaged } from './data-folder.ts';
import { hasDatabase, type LocalDynamoDb, startDynamoDb } from './dynamodb.ts';
import {
  folderOf,
  logPathOf,
  logRegionOf,
  pathOf,
  regionEnvironments,
  registryEnvironment,
  sequencerEnvironment,
  tableOf,
  VERIFIER_TABLE,
  verifierEnvironment,
  witnessEnvironment,
  witnessPathOf,
} from './environments.ts';
import { checkSecrets, openKey } from './federation-keys.ts';
import { foundOnce } from './found-once.ts';
import { lazyLambda } from './lazy-lambda.ts';
import { localTokens, TOKEN_PATH } from './local-tokens.ts';
import { renewFederation } from './renew-federation.ts';
import { type Rounds, startRounds } from './rounds.ts';

export const DEFAULT_PORT = 8765;

export interface NetworkSettings {
  readonly folder: DataFolder;
  /** The port asked for; a network that was made before keeps its own. 0 chooses a free one. */
  readonly port: number | undefined;
  /** URL of the folder that holds `<function>/index.mjs`. */
  readonly bundles: URL;
  /** Each line that a function logs, with the function's place. */
  readonly onLog: (place: string, line: string) => void;
  /** The time of this network and of all its functions. The system's, when left out. */
  readonly clock?: () => Instant;
  /** How long a key signs, in hours. A week, when left out. */
  readonly epochHours?: number;
  /** For how many hours ahead status lists are published. As many as gates with an old bundle need, when left out. */
  readonly listAheadHours?: number;
  /** What the provinces of a network that is made now issue. All of the sample, when left out. */
  readonly schemes?: readonly SampleScheme[];
}

/** A federation that runs on this machine: a registry, three provinces and a district of one of them, each with the functions that would be deployed. */
export interface LocalNetwork {
  readonly baseUrl: string;
  readonly registryUrl: string;
  /** Base of the function that gives verdicts. */
  readonly verifierUrl: string;
  /** The trust anchor: the file of the first root, and its SHA-256. */
  readonly root: { readonly path: string; readonly sha256: string };
  readonly regions: readonly {
    readonly region: AnySampleRegion;
    readonly issuer: string;
    readonly endpoint: string;
  }[];
  /** What the schedules do in the cloud: publish every region's lists, sign the timestamp, write the bundle. */
  publishNow(): Promise<void>;
  /** What an hourly schedule does in each region's account: makes the next issuing and status keys when they are due, and publishes them ahead. */
  rotateNow(): Promise<void>;
  /** What a schedule does every minute in each region's account: lapses, releases, new rules and places. */
  keepDecisionsNow(): Promise<void>;
  /** One round of every region's log, for whatever waits. While somebody asks a region for something, rounds of its log begin every second by themselves. */
  logNow(): Promise<void>;
  /** The time of this network. */
  now(): Instant;
  /** Signs as one of the people and sources of the sample, by the name of the key file: `CN-BJ.operator-1`, `CN-BJ.source-lab`, `overseer-1`. */
  signerOf(name: string): Promise<Signer>;
  /** Where an operator's program gets access tokens, as from the region's authorization server. */
  readonly tokenEndpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts the network. At the first start it founds the federation; later it goes on with what is there.
 *
 * @throws DataFolderError in words, when the port is taken or belongs to another network
 */
export async function startNetwork({
  folder,
  port,
  bundles,
  onLog,
  clock,
  epochHours,
  listAheadHours,
  schemes,
}: NetworkSettings): Promise<LocalNetwork> {
  const now = clock ?? systemNow;
  const mounts = new Map<string, Mount>();
  const server = await listen(folder, port, mounts);
  const stops: (() => Promise<void>)[] = [() => closeServer(server)];
  const wasSettled = folder.port !== undefined;
  try {
    const settledPort = (server.address() as AddressInfo).port;
    const baseUrl = `http://127.0.0.1:${settledPort}`;
    const registryUrl = `${baseUrl}/registry`;
    if (folder.port === undefined) {
      await foundOnce(folder, baseUrl, now(), schemes);
      await folder.settle(settledPort);
    }
    const rootPath = folder.file('registry', 'metadata', '1.root.json');
    const root = new Uint8Array(await readFile(rootPath));
    const rootSha256 = toHex(sha256(root));
    await checkSecrets(folder);
    await renewFederation(folder, root, now());

    const database = folder.file('dynamodb');
    if (wasSettled && !(await hasDatabase(database))) throw damaged(folder.path, 'the database is missing');
    await mkdir(database, { recursive: true });
    const dynamo: LocalDynamoDb = await startDynamoDb(database, [
      ...ALL_SAMPLE_REGIONS.map(tableOf),
      VERIFIER_TABLE,
    ]);
    stops.push(() => dynamo.stop());

    const launch = (place: string, name: string, environment: Readonly<Record<string, string>>) => {
      const bundle = new URL(`${name}/index.mjs`, bundles).href;
      const lambda = lazyLambda({
        name,
        bundle,
        environment,
        timeoutMilliseconds: 60_000,
        onLog: (line) => onLog(place, line),
        clock,
      });
      stops.push(() => lambda.stop());
      return lambda;
    };
    const hub = registryEnvironment(folder, rootSha256);
    const timestamp = launch('registry', 'registry-timestamp', hub);
    mounts.set('/registry', filesMount(folder.url('registry/')));
    const verifier = verifierEnvironment(folder, rootSha256, dynamo.environment);
    mounts.set('/verifier', { kind: 'function', lambda: launch('verifier', 'verifier-api', verifier) });
    mounts.set('/hub', { kind: 'function', lambda: launch('registry', 'registry-publish', hub) });
    const registry = {
      url: registryUrl,
      publishUrl: `${baseUrl}/hub`,
      rootSha256,
      epochHours,
      listAheadHours,
    };
    for (const witness of SAMPLE_WITNESSES) {
      const lambda = launch(witness, 'witness', witnessEnvironment(folder, witness));
      mounts.set(witnessPathOf(witness), { kind: 'function', lambda });
    }
    const rounds = new Map<SampleRegion, Rounds>();
    for (const region of SAMPLE_REGIONS) {
      const environment = sequencerEnvironment(folder, region, registry, dynamo.environment);
      const sequencer = startRounds(launch(region, 'log-sequence', environment));
      rounds.set(region, sequencer);
      stops.push(() => sequencer.stop());
      mounts.set(logPathOf(region), filesMount(folder.url(`logs/${region}/`)));
    }
    const publishers: Lambda[] = [];
    const rotators: Lambda[] = [];
    const keepers: Lambda[] = [];
    for (const region of ALL_SAMPLE_REGIONS) {
      const environments = regionEnvironments(folder, region, registry, dynamo.environment);
      const home = pathOf(region);
      const api = launch(region, 'issuer-api', environments.api);
      const log = rounds.get(logRegionOf(region));
      mounts.set(home, { kind: 'function', lambda: log === undefined ? api : log.whileAsked(api) });
      mounts.set(`${home}/lists`, filesMount(folder.url(`${folderOf(region)}/lists/`)));
      keepers.push(launch(region, 'decisions-upkeep', environments.upkeep));
      publishers.push(launch(region, 'status-publish', environments.statusPublish));
      rotators.push(launch(region, 'key-epoch', environments.keyEpoch));
    }

    const regions = ALL_SAMPLE_REGIONS.map((region) => ({
      region,
      issuer: sampleIssuer(region),
      endpoint: `${baseUrl}${pathOf(region)}`,
    }));
    const verifierUrl = `${baseUrl}/verifier`;
    const tokenUrl = `${baseUrl}${TOKEN_PATH}`;
    mounts.set(TOKEN_PATH, {
      kind: 'function',
      lambda: await localTokens(folder, tokenUrl, now),
    });
    mounts.set(
      '',
      directoryMount({
        registry: registryUrl,
        rootSha256,
        verifier: verifierUrl,
        tokenEndpoint: tokenUrl,
        regions,
      }),
    );
    return {
      baseUrl,
      registryUrl,
      verifierUrl,
      root: { path: rootPath, sha256: rootSha256 },
      regions,
      publishNow: async () => {
        await Promise.all(publishers.map((publisher) => publisher.invoke({})));
        await timestamp.invoke({});
      },
      rotateNow: async () => {
        for (const rotator of rotators) await rotator.invoke({});
      },
      keepDecisionsNow: async () => {
        await Promise.all(keepers.map((keeper) => keeper.invoke({})));
      },
      logNow: async () => {
        await Promise.all([...rounds.values()].map((each) => each.now()));
      },
      now,
      signerOf: async (name) => createLocalSigner(await openKey(folder, name)),
      tokenEndpoint: tokenUrl,
      stop: () => stopAll(stops),
    };
  } catch (error) {
    await stopAll(stops);
    throw wasSettled ? asDamage(folder, error) : error;
  }
}

/** A folder that was whole once and cannot be opened now is damaged, whatever reports it. */
function asDamage(folder: DataFolder, error: unknown): unknown {
  if (error instanceof DataFolderError) return error;
  const what = isSymbolonError(error)
    ? error.code
    : error instanceof Error && 'code' in error
      ? String(error.code)
      : 'unreadable';
  return damaged(folder.path, what);
}

function systemNow(): Instant {
  return instant(Math.floor(Date.now() / 1000));
}

async function listen(
  folder: DataFolder,
  asked: number | undefined,
  mounts: ReadonlyMap<string, Mount>,
): Promise<Server> {
  if (folder.port !== undefined && asked !== undefined && asked !== 0 && asked !== folder.port) {
    throw new DataFolderError(
      `The network in ${folder.path} was made for port ${folder.port}, which its signed files name: leave --port out, give another folder with --data, or start afresh with --reset.`,
    );
  }
  const port = folder.port ?? asked ?? DEFAULT_PORT;
  try {
    return await startHttpFront(port, mounts);
  } catch (error) {
    if (isCode(error, 'EADDRINUSE')) {
      const way =
        folder.port === undefined
          ? 'Give another one with --port.'
          : 'Stop that program; the data is as it was.';
      throw new DataFolderError(`Port ${port} is taken by another program. ${way}`);
    }
    if (isCode(error, 'EACCES'))
      throw new DataFolderError(`Port ${port} is not allowed for this user. Give another one with --port.`);
    throw error;
  }
}

function filesMount(folder: URL): Mount {
  const objects = fileObjects(folder);
  return {
    kind: 'files',
    read: async (path) => {
      const bytes = await objects.read(path);
      return bytes && { bytes, etag: etagOf(bytes) };
    },
  };
}

/** What is at `/`: where everything is. */
function directoryMount(directory: object): Mount {
  const bytes = utf8(`${JSON.stringify(directory, null, 2)}\n`);
  return { kind: 'files', read: async (path) => (path === '' ? { bytes, etag: etagOf(bytes) } : undefined) };
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
}

/** In the opposite order of their start; what fails to stop does not keep the rest from stopping. */
async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop().catch(() => undefined);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

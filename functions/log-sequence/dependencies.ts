import { type IssuerStores, issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import type { Publication } from '@symbolon/issuer/publication';
import type { Signer } from '@symbolon/keys/signer';
import type { LogStores } from '@symbolon/log/log-store';
import type { WitnessPort } from '@symbolon/log/witness-client';
import type { Instant } from '@symbolon/protocol/instant';
import { type RandomBytes, systemRandom } from '@symbolon/protocol/random';
import type { Witnesses } from '@symbolon/protocol/schemas/log';
import { dynamoDb, objectsAt, privateObjectsAt, registryCopyAt, signerAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { type Pause, systemPause } from '../runtime/pause.ts';
import { publicationSource } from '../runtime/publication-source.ts';
import { httpWitnesses } from '../runtime/witness-http.ts';
import { LogSequenceConfig } from './config.ts';

/** A region whose decisions are in this log. */
export interface LoggedRegion {
  readonly region: string;
  readonly stores: Pick<IssuerStores, 'decisions' | 'bursts' | 'subjects' | 'mints' | 'lists'>;
  readonly publication: (now: Instant) => Promise<Publication>;
}

/** The whole world of a log's sequencer. */
export interface LogSequence extends Runtime {
  /** The region whose log it is. */
  readonly own: LoggedRegion;
  /** Small regions that log here too. */
  readonly below: readonly LoggedRegion[];
  readonly stores: LogStores;
  readonly signer: Signer;
  readonly witnessesOf: (witnesses: Witnesses | undefined) => readonly WitnessPort[];
  readonly random: RandomBytes;
  readonly pause: Pause;
  /** Measures how long is waited for others within a round. Unlike `pause` it is never waited for alone. */
  readonly timer: Pause;
  readonly roundSeconds: number;
  /** For each witness, in one round. */
  readonly witnessSeconds: number;
  readonly runSeconds: number;
}

export async function logSequence(): Promise<LogSequence> {
  const log = jsonLog('log-sequence');
  const config = readConfiguration(LogSequenceConfig, process.env);
  const client = dynamoDb();
  // One copy for all: it is of the whole registry.
  const copy = registryCopyAt(config.REGISTRY_COPY_URI);
  const logged = (region: string, table: string): LoggedRegion => ({
    region,
    stores: issuerStores(client, table),
    publication: publicationSource({ ...config, REGION: region }, log, copy),
  });
  return {
    own: logged(config.REGION, config.TABLE_NAME),
    below: (config.REGIONS_BELOW ?? []).map(({ region, table }) => logged(region, table)),
    stores: { public: objectsAt(config.OBJECTS_URI), private: privateObjectsAt(config.STATE_URI) },
    signer: await signerAt(config.LOG_KEY, config.PASSPHRASE_URI),
    witnessesOf: (witnesses) => httpWitnesses(witnesses, config.WITNESS_SECONDS),
    random: systemRandom,
    pause: systemPause,
    timer: systemPause,
    roundSeconds: config.ROUND_SECONDS,
    witnessSeconds: config.WITNESS_SECONDS,
    runSeconds: config.RUN_SECONDS,
    clock: systemClock,
    log,
  };
}

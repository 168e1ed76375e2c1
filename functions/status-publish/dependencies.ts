import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import type { ListPublisher, ListStore } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import type { PublishSettings } from '@symbolon/issuer/publish-lists';
import type { Instant } from '@symbolon/protocol/instant';
import { dynamoDb, objectsAt, regionSigners, registryCopyAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { SignersOf } from '../runtime/epoch-signers.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { listFiles } from '../runtime/list-files.ts';
import { jsonLog } from '../runtime/log.ts';
import { publicationSource } from '../runtime/publication-source.ts';
import { StatusPublishConfig } from './config.ts';

export interface StatusPublish extends Runtime {
  readonly lists: ListStore;
  readonly publisher: ListPublisher;
  readonly signersOf: SignersOf;
  readonly publication: (now: Instant) => Promise<Publication>;
  readonly settings: Omit<PublishSettings, 'signer' | 'issuer' | 'did' | 'lifeHours'>;
}

export async function statusPublish(): Promise<StatusPublish> {
  const log = jsonLog('status-publish');
  const config = readConfiguration(StatusPublishConfig, process.env);
  return {
    lists: issuerStores(dynamoDb(), config.TABLE_NAME).lists,
    publisher: listFiles(objectsAt(config.OBJECTS_URI)),
    signersOf: await regionSigners('status', config, log),
    publication: publicationSource(config, log, registryCopyAt(config.REGISTRY_COPY_URI)),
    settings: {
      listEntries: config.LIST_ENTRIES,
      ttlSeconds: config.LIST_TTL_SECONDS,
      resignSeconds: config.LIST_RESIGN_SECONDS,
      readableSeconds: config.LIST_READABLE_SECONDS,
      aheadHours: config.LIST_AHEAD_HOURS,
      bitstring: config.LIST_BITSTRING === 'yes',
      compact: config.LIST_COMPACT === 'yes',
    },
    clock: systemClock,
    log,
  };
}

import { type IssuerStores, issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { type EntryAllocator, entryAllocator } from '@symbolon/issuer/entry-allocator';
import type { BlindIndexer, DecisionLog, Sealer } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import type { Instant } from '@symbolon/protocol/instant';
import { type RandomBytes, systemRandom } from '@symbolon/protocol/random';
import { blindIndexerAt, dynamoDb, regionSigners, registryCopyAt, sealerAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { decisionLogAt } from '../runtime/decision-log.ts';
import type { SignersOf } from '../runtime/epoch-signers.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { type Authorise, operatorTokens } from '../runtime/operator-token.ts';
import { publicationSource } from '../runtime/publication-source.ts';
import { IssuerApiConfig } from './config.ts';

/** The whole world of the issuer's API. */
export interface IssuerApi extends Runtime, IssuerStores {
  readonly authorise: Authorise;
  readonly blindIndexer: BlindIndexer;
  readonly sealer: Sealer;
  readonly signersOf: SignersOf;
  readonly random: RandomBytes;
  /** Leases entries of status lists; keeps what is left of its blocks. */
  readonly entries: EntryAllocator;
  /** The log that decisions go to; it is written by another function, which has its key. */
  readonly decisionLog: DecisionLog;
  readonly publication: (now: Instant) => Promise<Publication>;
}

export async function issuerApi(): Promise<IssuerApi> {
  const log = jsonLog('issuer-api');
  const config = readConfiguration(IssuerApiConfig, process.env);
  const source = publicationSource(config, log, registryCopyAt(config.REGISTRY_COPY_URI));
  const now = systemClock();
  const publication = await source(now);
  const signersOf = await regionSigners('credential', config, log);
  // Opened now, so that the first wallet does not wait for it.
  await signersOf(publication, now);
  const stores = issuerStores(dynamoDb(), config.TABLE_NAME);
  return {
    ...stores,
    authorise: await operatorTokens(
      config.OPERATOR_JWKS_URI,
      config.OPERATOR_ISSUER,
      publication.region.issuer,
    ),
    blindIndexer: await blindIndexerAt(config.BLIND_INDEX_URI),
    sealer: await sealerAt(config.SEALING_URI),
    signersOf,
    random: systemRandom,
    entries: entryAllocator({ lists: stores.lists, random: systemRandom, listEntries: config.LIST_ENTRIES }),
    decisionLog: decisionLogAt(config.LOG_URI, { decisions: stores.decisions, publication: source }),
    publication: source,
    clock: systemClock,
    log,
  };
}

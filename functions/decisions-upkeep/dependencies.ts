import { type IssuerStores, issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import type { DecisionLog, Sealer } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import type { Instant } from '@symbolon/protocol/instant';
import { dynamoDb, registryCopyAt, sealerAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { decisionLogAt } from '../runtime/decision-log.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { publicationSource } from '../runtime/publication-source.ts';
import { DecisionsUpkeepConfig } from './config.ts';

export interface DecisionsUpkeep extends Runtime, IssuerStores {
  readonly sealer: Sealer;
  /** What takes effect by now. */
  readonly decisionLog: DecisionLog;
  readonly publication: (now: Instant) => Promise<Publication>;
}

export async function decisionsUpkeep(): Promise<DecisionsUpkeep> {
  const log = jsonLog('decisions-upkeep');
  const config = readConfiguration(DecisionsUpkeepConfig, process.env);
  const stores = issuerStores(dynamoDb(), config.TABLE_NAME);
  const publication = publicationSource(config, log, registryCopyAt(config.REGISTRY_COPY_URI));
  return {
    ...stores,
    sealer: await sealerAt(config.SEALING_URI),
    decisionLog: decisionLogAt(config.LOG_URI, { decisions: stores.decisions, publication }),
    publication,
    clock: systemClock,
    log,
  };
}

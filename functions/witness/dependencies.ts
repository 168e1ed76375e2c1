import type { LogStore } from '@symbolon/log/log-store';
import { NOTE_TYPE } from '@symbolon/log/note-key';
import type { Instant } from '@symbolon/protocol/instant';
import { fileAt, objectsAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { type NoteSigner, noteSignerAt } from '../runtime/note-signer.ts';
import { WitnessConfig } from './config.ts';
import { type KnownLogs, knownLogsIn } from './known-logs.ts';

/** The whole world of a witness. */
export interface WitnessWorld extends Runtime, NoteSigner {
  /** @throws SymbolonError `configuration-malformed` */
  readonly logs: (now: Instant) => Promise<KnownLogs>;
  /** The newest checkpoint of each log that it has cosigned. Whoever can write here can make it cosign a second history. */
  readonly store: LogStore;
}

export async function witnessWorld(): Promise<WitnessWorld> {
  const log = jsonLog('witness');
  const config = readConfiguration(WitnessConfig, process.env);
  const place = {
    uri: config.WITNESS_KEY,
    passphraseUri: config.PASSPHRASE_URI,
    variable: 'WITNESS_KEY',
  };
  const logs = knownLogsIn(fileAt(config.LOGS_URI));
  // A list that cannot be read is told at the start, not by the first log that is unknown.
  await logs(systemClock());
  return {
    ...(await noteSignerAt(place, config.WITNESS_NAME, NOTE_TYPE.witness)),
    logs,
    store: objectsAt(config.STATE_URI),
    clock: systemClock,
    log,
  };
}

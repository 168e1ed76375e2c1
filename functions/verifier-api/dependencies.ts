import { dynamoDbClient } from '@symbolon/aws/clients';
import { replayMemory } from '@symbolon/aws/dynamodb/replay-memory';
import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { SharedReplayMemory } from '@symbolon/verifier/shared-replay-memory';
import type { Trust } from '@symbolon/verifier/trust';
import { objectsAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { bundleAt } from './bundle-source.ts';
import { VerifierApiConfig } from './config.ts';
import { AT_THE_GATE, AT_THE_GATE_WITH_FILES } from './patience.ts';
import { policyReader } from './policy-reader.ts';
import { trustMemory } from './trust-memory.ts';
import { trustSource } from './trust-source.ts';

/** The whole world of the verifier's API. It has no key, and nothing of anyone. */
export interface VerifierApi extends Runtime {
  /** @throws SymbolonError why there is no trust at hand */
  readonly trust: (now: Instant) => Promise<Trust>;
  /** Gives the same object for the same policy. @throws SymbolonError `policy-malformed` */
  readonly readPolicy: (value: unknown) => Policy;
  /** What was shown here within the window; nothing is remembered without one. */
  readonly memory?: SharedReplayMemory | undefined;
}

export async function verifierApi(): Promise<VerifierApi> {
  const log = jsonLog('verifier-api');
  const config = readConfiguration(VerifierApiConfig, process.env);
  return {
    trust: trustSource({
      find: bundleAt(config.BUNDLE_URI),
      memory: trustMemory(objectsAt(config.STATE_URI, AT_THE_GATE_WITH_FILES)),
      rootSha256: config.ROOT_SHA256,
      refreshSeconds: config.REFRESH_SECONDS,
      log,
    }),
    readPolicy: policyReader(),
    memory:
      config.REPLAY_TABLE === undefined
        ? undefined
        : replayMemory(dynamoDbClient(AT_THE_GATE), config.REPLAY_TABLE),
    clock: systemClock,
    log,
  };
}

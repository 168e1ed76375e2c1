import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { objectsAt, signersAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import type { RegistryLog } from '../runtime/registry-log.ts';
import { registryLogAt } from '../runtime/registry-log-config.ts';
import type { ListSource } from '../runtime/trust-bundle.ts';
import { RegistryTimestampConfig } from './config.ts';
import { httpLists } from './list-source.ts';

export interface RegistryTimestamp extends Runtime {
  readonly objects: ObjectStore;
  /** The first root, if it is the configured one. @throws SymbolonError `metadata-missing`, `root-mismatch` */
  readonly pinnedRoot: () => Promise<Bytes>;
  /** Holders of snapshot and timestamp: one online key may hold both. */
  readonly signers: readonly Signer[];
  readonly lists: ListSource;
  /** The log of what is published. Left out, there is none. */
  readonly registryLog?: RegistryLog | undefined;
}

export async function registryTimestamp(): Promise<RegistryTimestamp> {
  const config = readConfiguration(RegistryTimestampConfig, process.env);
  const objects = objectsAt(config.OBJECTS_URI);
  return {
    objects,
    pinnedRoot: () => pinnedRootIn((path) => objects.read(path), config.ROOT_SHA256),
    signers: await signersAt(config.SIGNING_KEYS, config.PASSPHRASE_URI),
    lists: httpLists(),
    registryLog: await registryLogAt(config, objects),
    clock: systemClock,
    log: jsonLog('registry-timestamp'),
  };
}

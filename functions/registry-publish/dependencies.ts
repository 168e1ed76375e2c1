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
import { RegistryPublishConfig } from './config.ts';
import { type RegistryMemory, registryMemory } from './registry-memory.ts';

export interface RegistryPublish extends Runtime {
  readonly objects: ObjectStore;
  /** The first root, if it is the configured one. @throws SymbolonError `metadata-missing`, `root-mismatch` */
  readonly pinnedRoot: () => Promise<Bytes>;
  readonly memory: RegistryMemory;
  /** Holders of snapshot and timestamp: one online key may hold both. */
  readonly signers: readonly Signer[];
  /** The log of what is published. Left out, there is none. */
  readonly registryLog?: RegistryLog | undefined;
}

export async function registryPublish(): Promise<RegistryPublish> {
  const config = readConfiguration(RegistryPublishConfig, process.env);
  const objects = objectsAt(config.OBJECTS_URI);
  const memory = registryMemory();
  return {
    objects,
    pinnedRoot: () => pinnedRootIn(memory.reader(objects), config.ROOT_SHA256),
    memory,
    signers: await signersAt(config.SIGNING_KEYS, config.PASSPHRASE_URI),
    registryLog: await registryLogAt(config, objects),
    clock: systemClock,
    log: jsonLog('registry-publish'),
  };
}

import type { Bytes } from '@symbolon/protocol/bytes';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import { type RegistryMemory, registryMemory } from '../runtime/registry-memory.ts';
import { type RegistryWriter, registryWriterAt } from '../runtime/registry-writer.ts';
import { RegistryPublishConfig } from './config.ts';

export interface RegistryPublish extends Runtime, RegistryWriter {
  /** The first root, if it is the configured one. @throws SymbolonError `metadata-missing`, `root-mismatch` */
  readonly pinnedRoot: () => Promise<Bytes>;
  readonly memory: RegistryMemory;
}

export async function registryPublish(): Promise<RegistryPublish> {
  const config = readConfiguration(RegistryPublishConfig, process.env);
  const writer = await registryWriterAt(config);
  const memory = registryMemory();
  return {
    ...writer,
    pinnedRoot: () => pinnedRootIn(memory.reader(writer.objects), config.ROOT_SHA256),
    memory,
    clock: systemClock,
    log: jsonLog('registry-publish'),
  };
}

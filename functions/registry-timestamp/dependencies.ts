import type { Bytes } from '@symbolon/protocol/bytes';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import { type RegistryWriter, registryWriterAt } from '../runtime/registry-writer.ts';
import type { ListSource } from '../runtime/trust-bundle.ts';
import { RegistryTimestampConfig } from './config.ts';
import { httpLists } from './list-source.ts';

export interface RegistryTimestamp extends Runtime, RegistryWriter {
  /** The first root, if it is the configured one. @throws SymbolonError `metadata-missing`, `root-mismatch` */
  readonly pinnedRoot: () => Promise<Bytes>;
  readonly lists: ListSource;
}

export async function registryTimestamp(): Promise<RegistryTimestamp> {
  const config = readConfiguration(RegistryTimestampConfig, process.env);
  const writer = await registryWriterAt(config);
  return {
    ...writer,
    pinnedRoot: () => pinnedRootIn((path) => writer.objects.read(path), config.ROOT_SHA256),
    lists: httpLists(),
    clock: systemClock,
    log: jsonLog('registry-timestamp'),
  };
}

import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { objectsAt, signersAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { RegistryTimestampConfig } from './config.ts';
import { httpLists, type ListSource } from './list-source.ts';

export interface RegistryTimestamp extends Runtime {
  readonly objects: ObjectStore;
  /** The first root, if it is the configured one. @throws SymbolonError `metadata-missing`, `root-mismatch` */
  readonly pinnedRoot: () => Promise<Bytes>;
  /** Holders of snapshot and timestamp: one online key may hold both. */
  readonly signers: readonly Signer[];
  readonly lists: ListSource;
}

export async function registryTimestamp(): Promise<RegistryTimestamp> {
  const config = readConfiguration(RegistryTimestampConfig, process.env);
  const objects = objectsAt(config.OBJECTS_URI);
  return {
    objects,
    pinnedRoot: async () => {
      const root = await objects.read('metadata/1.root.json');
      if (root === undefined) throw new SymbolonError('metadata-missing');
      if (toHex(sha256(root)) !== config.ROOT_SHA256) throw new SymbolonError('root-mismatch');
      return root;
    },
    signers: await signersAt(config.SIGNING_KEYS, config.PASSPHRASE_URI),
    lists: httpLists(),
    clock: systemClock,
    log: jsonLog('registry-timestamp'),
  };
}

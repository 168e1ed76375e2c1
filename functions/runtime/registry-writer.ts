import type { Signer } from '@symbolon/keys/signer';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { objectsAt, signerAt, signersAt } from './adapters.ts';
import { logFolder, type RegistryLog } from './registry-log.ts';
import type { RegistryWriterConfig } from './registry-writer-config.ts';
import { httpWitnesses } from './witness-http.ts';

/** What a function needs to write the registry. */
export interface RegistryWriter {
  readonly objects: ObjectStore;
  /** Holders of snapshot and timestamp: one online key may hold both. */
  readonly signers: readonly Signer[];
  /** The log of what is published. Left out, there is none. */
  readonly registryLog?: RegistryLog | undefined;
}

export async function registryWriterAt(config: RegistryWriterConfig): Promise<RegistryWriter> {
  const objects = objectsAt(config.OBJECTS_URI);
  return {
    objects,
    signers: await signersAt(config.SIGNING_KEYS, config.PASSPHRASE_URI),
    registryLog: await registryLogAt(config, objects),
  };
}

/** @param objects the registry's: the public files of its log lie beside it */
async function registryLogAt(
  { LOG_STATE_URI: state, LOG_KEY: key, PASSPHRASE_URI, WITNESS_SECONDS }: RegistryWriterConfig,
  objects: ObjectStore,
): Promise<RegistryLog | undefined> {
  if (state === undefined || key === undefined) return undefined;
  return {
    stores: { public: logFolder(objects), private: objectsAt(state) },
    signer: await signerAt(key, PASSPHRASE_URI),
    witnesses: (witnesses) => httpWitnesses(witnesses, WITNESS_SECONDS),
  };
}

import type { ObjectStore } from '@symbolon/registry/object-store';
import { objectsAt, signerAt } from './adapters.ts';
import { logFolder, type RegistryLog } from './registry-log.ts';
import { httpWitnesses } from './witness-http.ts';

export interface RegistryLogSettings {
  readonly LOG_STATE_URI?: string | undefined;
  readonly LOG_KEY?: string | undefined;
  readonly PASSPHRASE_URI?: string | undefined;
  readonly WITNESS_SECONDS: number;
}

/** @param objects the registry's: the public files of its log lie beside it */
export async function registryLogAt(
  { LOG_STATE_URI: state, LOG_KEY: key, PASSPHRASE_URI, WITNESS_SECONDS }: RegistryLogSettings,
  objects: ObjectStore,
): Promise<RegistryLog | undefined> {
  if (state === undefined || key === undefined) return undefined;
  return {
    stores: { public: logFolder(objects), private: objectsAt(state) },
    signer: await signerAt(key, PASSPHRASE_URI),
    witnesses: (witnesses) => httpWitnesses(witnesses, WITNESS_SECONDS),
  };
}

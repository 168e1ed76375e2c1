import * as z from 'zod/mini';
import { VARIABLES } from '../runtime/configuration.ts';
import { NAMES_ALL_OF_ITS_LOG, REGISTRY_LOG_VARIABLES } from '../runtime/registry-log-variables.ts';

export const RegistryPublishConfig = z
  .object({
    OBJECTS_URI: VARIABLES.OBJECTS_URI,
    ROOT_SHA256: VARIABLES.ROOT_SHA256,
    SIGNING_KEYS: VARIABLES.SIGNING_KEYS,
    PASSPHRASE_URI: VARIABLES.PASSPHRASE_URI,
    ...REGISTRY_LOG_VARIABLES,
  })
  .check(NAMES_ALL_OF_ITS_LOG);
export type RegistryPublishConfig = z.output<typeof RegistryPublishConfig>;

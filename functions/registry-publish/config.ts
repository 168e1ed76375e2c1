import * as z from 'zod/mini';
import { VARIABLES } from '../runtime/configuration.ts';

export const RegistryPublishConfig = z.object({
  OBJECTS_URI: VARIABLES.OBJECTS_URI,
  ROOT_SHA256: VARIABLES.ROOT_SHA256,
  SIGNING_KEYS: VARIABLES.SIGNING_KEYS,
  PASSPHRASE_URI: VARIABLES.PASSPHRASE_URI,
});
export type RegistryPublishConfig = z.output<typeof RegistryPublishConfig>;

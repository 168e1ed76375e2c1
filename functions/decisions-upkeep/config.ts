import * as z from 'zod/mini';
import { VARIABLES } from '../runtime/configuration.ts';

export const DecisionsUpkeepConfig = z.object({
  REGION: VARIABLES.REGION,
  REGISTRY_URL: VARIABLES.REGISTRY_URL,
  ROOT_SHA256: VARIABLES.ROOT_SHA256,
  REGISTRY_COPY_URI: VARIABLES.REGISTRY_COPY_URI,
  TABLE_NAME: VARIABLES.TABLE_NAME,
  SEALING_URI: VARIABLES.SEALING_URI,
  LOG_URI: z.optional(VARIABLES.LOG_URI),
});
export type DecisionsUpkeepConfig = z.output<typeof DecisionsUpkeepConfig>;

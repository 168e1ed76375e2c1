import * as z from 'zod/mini';
import { VARIABLES } from '../runtime/configuration.ts';

export const VerifierApiConfig = z.object({
  BUNDLE_URI: VARIABLES.BUNDLE_URI,
  ROOT_SHA256: VARIABLES.ROOT_SHA256,
  STATE_URI: VARIABLES.STATE_URI,
  REFRESH_SECONDS: VARIABLES.REFRESH_SECONDS,
  REPLAY_TABLE: VARIABLES.REPLAY_TABLE,
});
export type VerifierApiConfig = z.output<typeof VerifierApiConfig>;

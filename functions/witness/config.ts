import * as z from 'zod/mini';
import { VARIABLES } from '../runtime/configuration.ts';

/** The environment of a witness. It names no registry and no region: a witness believes nobody but the keys that it was given. */
export const WitnessConfig = z.object({
  WITNESS_NAME: VARIABLES.WITNESS_NAME,
  WITNESS_KEY: VARIABLES.WITNESS_KEY,
  PASSPHRASE_URI: VARIABLES.PASSPHRASE_URI,
  LOGS_URI: VARIABLES.LOGS_URI,
  STATE_URI: VARIABLES.STATE_URI,
});
export type WitnessConfig = z.output<typeof WitnessConfig>;

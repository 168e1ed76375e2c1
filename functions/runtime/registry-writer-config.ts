import * as z from 'zod/mini';
import { VARIABLES } from './configuration.ts';

/** The log of the registry. Without these two there is none, whatever the federation names. */
const LOG_VARIABLES = {
  /** What its sequencer keeps between rounds: `s3://bucket/prefix` or `file:///folder/`. It is the log's lock: nobody else writes there. */
  LOG_STATE_URI: z.optional(VARIABLES.STATE_URI),
  LOG_KEY: z.optional(VARIABLES.LOG_KEY),
  WITNESS_SECONDS: VARIABLES.WITNESS_SECONDS,
} as const;

/** A key without a place for the state, or the other way round, is a mistake. */
const NAMES_ALL_OF_ITS_LOG = z.refine<Readonly<Record<string, unknown>>>(
  ({ LOG_STATE_URI: state, LOG_KEY: key }) => (state === undefined) === (key === undefined),
  { path: ['LOG_STATE_URI'], when: () => true },
);

/** The environment of a function that writes the registry. */
export const RegistryWriterConfig = z
  .object({
    OBJECTS_URI: VARIABLES.OBJECTS_URI,
    ROOT_SHA256: VARIABLES.ROOT_SHA256,
    SIGNING_KEYS: VARIABLES.SIGNING_KEYS,
    PASSPHRASE_URI: VARIABLES.PASSPHRASE_URI,
    ...LOG_VARIABLES,
  })
  .check(NAMES_ALL_OF_ITS_LOG);
export type RegistryWriterConfig = z.output<typeof RegistryWriterConfig>;

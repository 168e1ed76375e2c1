import * as z from 'zod/mini';
import {
  NAMES_A_SIGNER,
  NAMES_WHAT_OPENS_EPOCH_KEYS,
  SIGNER_VARIABLES,
  VARIABLES,
} from '../runtime/configuration.ts';

/** The environment of the issuer's API. The CDK construct that deploys it gives exactly these variables. */
export const IssuerApiConfig = z
  .object({
    REGION: VARIABLES.REGION,
    REGISTRY_URL: VARIABLES.REGISTRY_URL,
    ROOT_SHA256: VARIABLES.ROOT_SHA256,
    REGISTRY_COPY_URI: VARIABLES.REGISTRY_COPY_URI,
    TABLE_NAME: VARIABLES.TABLE_NAME,
    ...SIGNER_VARIABLES,
    BLIND_INDEX_URI: VARIABLES.BLIND_INDEX_URI,
    SEALING_URI: VARIABLES.SEALING_URI,
    OPERATOR_JWKS_URI: VARIABLES.OPERATOR_JWKS_URI,
    OPERATOR_ISSUER: VARIABLES.OPERATOR_ISSUER,
    LIST_ENTRIES: VARIABLES.LIST_ENTRIES,
    LOG_URI: z.optional(VARIABLES.LOG_URI),
  })
  .check(NAMES_A_SIGNER, NAMES_WHAT_OPENS_EPOCH_KEYS);
export type IssuerApiConfig = z.output<typeof IssuerApiConfig>;

import * as z from 'zod/mini';
import { VARIABLES } from '../runtime/configuration.ts';

/** The environment of the issuer's API. The CDK construct that deploys it gives exactly these variables. */
export const IssuerApiConfig = z.object({
  REGION: VARIABLES.REGION,
  REGISTRY_URL: VARIABLES.REGISTRY_URL,
  ROOT_SHA256: VARIABLES.ROOT_SHA256,
  TABLE_NAME: VARIABLES.TABLE_NAME,
  SIGNING_KEYS: VARIABLES.SIGNING_KEYS,
  PASSPHRASE_URI: VARIABLES.PASSPHRASE_URI,
  BLIND_INDEX_URI: VARIABLES.BLIND_INDEX_URI,
  SEALING_URI: VARIABLES.SEALING_URI,
  OPERATOR_JWKS_URI: VARIABLES.OPERATOR_JWKS_URI,
  OPERATOR_ISSUER: VARIABLES.OPERATOR_ISSUER,
  LIST_ENTRIES: VARIABLES.LIST_ENTRIES,
});
export type IssuerApiConfig = z.output<typeof IssuerApiConfig>;

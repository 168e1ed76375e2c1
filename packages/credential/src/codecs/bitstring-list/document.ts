import { LIST_PURPOSES } from '@symbolon/protocol/list-names';
import { HttpsUrl, InstantText } from '@symbolon/protocol/schemas/common';
import { Region } from '@symbolon/protocol/schemas/region';
import * as z from 'zod/mini';
import { CREDENTIALS_V2 } from '../data-integrity/context-urls.ts';

/**
 * A BitstringStatusListCredential without its proof (Bitstring Status List 1.0, section 2.2): one shape, strict everywhere, as in JSON-LD an unknown name
 * can change what the known ones mean. `id`, the times and `ttl`, which the standard leaves open, are required.
 */
export const BitstringListDocument = z.strictObject({
  '@context': z.tuple([z.literal(CREDENTIALS_V2)]),
  id: HttpsUrl,
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('BitstringStatusListCredential')]),
  issuer: Region.shape.did,
  validFrom: InstantText,
  validUntil: InstantText,
  credentialSubject: z.strictObject({
    id: z.string().check(z.maxLength(520)),
    type: z.literal('BitstringStatusList'),
    statusPurpose: z.enum(LIST_PURPOSES),
    /** Multibase base64url. */
    encodedList: z.string().check(z.regex(/^u[A-Za-z0-9_-]+$/)),
    /** Milliseconds. */
    ttl: z.int().check(z.gte(1)),
  }),
});
export type BitstringListDocument = z.output<typeof BitstringListDocument>;

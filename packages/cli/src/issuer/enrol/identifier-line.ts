import { check } from '@symbolon/protocol/schemas/common';
import type { Json } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

/** What an issuer enrols people by. */
export const IDENTIFIER_KINDS = ['identity-card', 'passport', 'travel-permit', 'residence-permit'] as const;

/** One person's identifiers. */
const Identifiers = z
  .array(
    z.strictObject({
      kind: z.enum(IDENTIFIER_KINDS),
      value: z.string().check(z.minLength(1), z.maxLength(64)),
    }),
  )
  .check(z.minLength(1));
export type Identifiers = z.output<typeof Identifiers>;

/** @throws SymbolonError `request-malformed`, with the place and never with what stands there */
export function readIdentifiers(json: Json): Identifiers {
  return check(Identifiers, json, 'request-malformed');
}

import * as z from 'zod/mini';
import { Url } from './values.ts';

export const ENTRY_TYPE = 'BitstringStatusListEntry';

/** Bitstring Status List 1.0, section 2.1. */
export const StatusEntry = z
  .looseObject({
    id: z.optional(Url),
    type: z.literal(ENTRY_TYPE),
    statusPurpose: z.string().check(z.minLength(1)),
    statusListIndex: z.string().check(z.regex(/^(?:0|[1-9][0-9]*)$/)),
    statusListCredential: Url,
    statusSize: z.optional(z.int().check(z.gte(1), z.lte(16))),
    statusMessage: z.optional(z.array(z.looseObject({ status: z.string(), message: z.string() }))),
    statusReference: z.optional(z.union([Url, z.array(Url)])),
  })
  .check(
    // The id is not the list's.
    z.refine(({ id, statusListCredential }) => id !== statusListCredential, { path: ['id'] }),
    z.refine(
      ({ statusSize = 1, statusMessage }) =>
        statusMessage === undefined ? statusSize === 1 : statusMessage.length === 2 ** statusSize,
      { path: ['statusMessage'] },
    ),
  );
export type StatusEntry = z.output<typeof StatusEntry>;

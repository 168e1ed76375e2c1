import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';
import { Title } from '../../history/publication-record.ts';
import { ChangeRecord } from '../changes/change-record.ts';

const Version = z.int().check(z.gte(1));

/** `event.json`: what an event is about, for people. Nothing in it is believed. */
export const EventJson = z.strictObject({
  symbolonEvent: z.literal(1),
  title: Title,
  createdAt: InstantText,
  base: z.nullable(
    z.strictObject({
      snapshotVersion: Version,
      timestampSha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    }),
  ),
  changes: z.array(ChangeRecord).check(z.maxLength(LIMITS.eventChanges)),
  /** Root first, then in the order of the names. */
  roles: z
    .array(z.strictObject({ role: z.string().check(z.maxLength(160)), version: Version }))
    .check(z.maxLength(LIMITS.eventFiles)),
});
export type EventJson = z.output<typeof EventJson>;

/** One signature: `signatures/<version>.<role>.<keyid>.json`. */
export const SignatureFile = z.strictObject({
  keyid: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  sig: z.string().check(z.maxLength(1024), z.regex(/^(?:[0-9a-f]{2})+$/)),
});

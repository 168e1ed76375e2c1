import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check, InstantText } from '@symbolon/protocol/schemas/common';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

const Version = z.int().check(z.gte(1));
const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const FileRef = z.object({ version: Version, sha256: Sha256 });
export type FileRef = z.output<typeof FileRef>;

/** What a publication is called: one line for people, with nothing in it that a terminal or an editor would act on. */
export const Title = z.string().check(z.maxLength(LIMITS.publicationTitleChars), z.regex(/^[^\p{C}]+$/u));

/**
 * The field `publication` of a snapshot: a link of the chain that is the registry's history. TUF clients pass over it. It is signed by the online
 * role only, so the title is a label; what was published is in the files, and who signed it is in their signatures.
 */
export const PublicationRecord = z.object({
  at: InstantText,
  title: Title,
  /** The root under which this publication is read: the newest one, or the one that it brings along. */
  root: FileRef,
  /** The snapshot before this one; nothing in the first publication. */
  previous: z.optional(FileRef),
});
export type PublicationRecord = z.output<typeof PublicationRecord>;

/**
 * @param snapshot the signed part, as it was read
 * @returns nothing for a snapshot that was made without a record
 * @throws SymbolonError `metadata-malformed`
 */
export function readPublicationRecord(snapshot: JsonObject): PublicationRecord | undefined {
  const record = snapshot['publication'];
  return record === undefined ? undefined : check(PublicationRecord, record, 'metadata-malformed');
}

/** For `signed.publication`. @throws SymbolonError `event-malformed` when the title is not one */
export function writePublicationRecord(record: PublicationRecord): JsonObject {
  const encoded = z.safeEncode(PublicationRecord, record);
  if (!encoded.success) throw new SymbolonError('event-malformed', { path: 'title' });
  return encoded.data;
}

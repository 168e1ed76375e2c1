import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { InstantText } from '@symbolon/protocol/schemas/common';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

const Version = z.int().check(z.gte(1));
const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const FileRef = z.object({ version: Version, sha256: Sha256 });
export type FileRef = z.output<typeof FileRef>;

/** What a publication is called: one line for people, of words with one space between them, and nothing that a terminal or an editor would act on. */
export const Title = z
  .string()
  .check(z.maxLength(LIMITS.publicationTitleChars), z.regex(/^[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u));

/** A title as someone typed it, with single spaces. Whether it is one, `Title` says. */
export function tidyTitle(typed: string): string {
  return typed.trim().replaceAll(/ {2,}/g, ' ');
}

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

/** A record as it was found: the parts that have their form. */
export interface FoundRecord extends Partial<PublicationRecord> {
  /** Whether all of it has its form. */
  readonly isWhole: boolean;
}

/**
 * Never refuses: clients accept a snapshot whatever this field says, so one that is malformed must not hide the publications before it.
 *
 * @param snapshot the signed part, as it was read
 * @returns nothing for a snapshot that was made without a record
 */
export function readPublicationRecord(snapshot: JsonObject): FoundRecord | undefined {
  const json = snapshot['publication'];
  if (json === undefined) return undefined;
  const whole = z.safeParse(PublicationRecord, json);
  if (whole.success) return { ...whole.data, isWhole: true };
  const { at, title, root, previous }: JsonObject = isJsonObject(json) ? json : {};
  const parts = {
    at: z.safeParse(InstantText, at).data,
    title: z.safeParse(Title, title).data,
    root: z.safeParse(FileRef, root).data,
    previous: z.safeParse(FileRef, previous).data,
  };
  return {
    ...(parts.at !== undefined && { at: parts.at }),
    ...(parts.title !== undefined && { title: parts.title }),
    ...(parts.root !== undefined && { root: parts.root }),
    ...(parts.previous !== undefined && { previous: parts.previous }),
    isWhole: false,
  };
}

/** For `signed.publication`. @throws SymbolonError `event-malformed` when the title is not one */
export function writePublicationRecord(record: PublicationRecord): JsonObject {
  const encoded = z.safeEncode(PublicationRecord, record);
  if (!encoded.success) throw new SymbolonError('event-malformed', { path: 'title' });
  return encoded.data;
}

import { fromUtf8 } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { type Instant, parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import { isJsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import { withoutSpaceAround } from '@symbolon/protocol/white-space';
import * as z from 'zod/mini';

/** What a line asks. */
export interface AskedLine {
  /** What the line calls itself. */
  readonly id?: string;
  /** As of when: only where lines may say so. */
  readonly at?: Instant;
  readonly presentation: string | readonly string[];
}

/** A line that cannot be read. */
export interface UnreadLine {
  readonly id?: string;
  readonly error: Code;
}

const NamedLine = z.strictObject({
  id: z.optional(z.string().check(z.maxLength(LIMITS.manifestIdChars))),
  at: z.optional(z.string()),
  presentation: z.union([z.string(), z.array(z.string())]),
});

/**
 * One line of what `verify --lines` reads: `{"id"?, "at"?, "presentation"}`, a JSON-LD document, or a presentation as it is. Nothing is known of the presentation.
 *
 * @param lineTimes whether a line may say as of when it is judged. What is scanned can be such a line, and whoever shows it would choose: a line with `at` cannot be
 * read otherwise.
 * @returns nothing for a blank line
 */
export function readLine(bytes: Uint8Array, lineTimes: boolean): AskedLine | UnreadLine | undefined {
  if (bytes.length > LIMITS.manifestLineBytes) return { error: 'presentation-too-large' };
  try {
    const text = withoutSpaceAround(fromUtf8(bytes));
    if (text === '') return undefined;
    return text.startsWith('{') ? readJson(text, lineTimes) : { presentation: text };
  } catch (error) {
    return { error: codeOf(error) };
  }
}

function readJson(text: string, lineTimes: boolean): AskedLine | UnreadLine {
  const json = parseStrictJson(text);
  // No JSON-LD document has that name at its top.
  if (!isJsonObject(json) || own(json, 'presentation') === undefined) return { presentation: text };
  const { id, at, presentation } = check(NamedLine, json, 'line-malformed');
  const named = id === undefined ? {} : { id };
  // REQ-DEC-027: never ignored, as the writer meant something by it.
  if (at !== undefined && !lineTimes) return { ...named, error: 'line-malformed' };
  try {
    return { ...named, ...(at !== undefined && { at: parseInstant(at) }), presentation };
  } catch (error) {
    return { ...named, error: codeOf(error) };
  }
}

function codeOf(error: unknown): Code {
  if (!isSymbolonError(error)) throw error;
  return error.code;
}

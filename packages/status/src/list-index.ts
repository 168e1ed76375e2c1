import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { purposeOf } from '@symbolon/protocol/list-names';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

/** The file beside a region's status lists that names those that are current (docs/spec/status-lists.md). */
export const LIST_INDEX = 'index.json';

/** The hour, which list of that hour, and for a Bitstring list its purpose. */
const LIST_ID = /^[0-9]{1,10}(?:-[0-9])?(?:\.(?:revocation|suspension))?$/;

const ListIndex = z.object({
  lists: z.array(z.string().check(z.regex(LIST_ID))).check(z.maxLength(LIMITS.regionLists)),
});

/**
 * The ids that an index names. It is not signed: leaving a list out makes its status unknown, never valid.
 *
 * @throws SymbolonError `status-list-malformed`
 */
export function readListIndex(bytes: Uint8Array): readonly string[] {
  try {
    return check(ListIndex, parseStrictJson(fromUtf8(bytes)), 'status-list-malformed').lists;
  } catch (error) {
    throw isSymbolonError(error) ? new SymbolonError('status-list-malformed') : error;
  }
}

/**
 * The ids in two rounds, to be fetched one after the other: the Bitstring lists of the same entries are published before the token list, so whoever has the
 * token gets lists that are no older (REQ-STA-009).
 */
export function inReadingOrder(ids: readonly string[]): readonly (readonly string[])[] {
  return [ids.filter((id) => purposeOf(id) === undefined), ids.filter((id) => purposeOf(id) !== undefined)];
}

/** The text of an index, as it will be read. @throws SymbolonError `status-list-malformed` */
export function writeListIndex(ids: readonly string[]): string {
  return JSON.stringify(check(ListIndex, { lists: [...ids] }, 'status-list-malformed'));
}

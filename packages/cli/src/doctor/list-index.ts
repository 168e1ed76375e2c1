import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

/** The file beside a region's status lists that names them (docs/spec/status-lists.md). */
export const LIST_INDEX = 'index.json';

const ListIndex = z.object({
  lists: z.array(z.string().check(z.regex(/^[0-9]{1,10}(-[0-9])?$/))).check(z.maxLength(LIMITS.regionLists)),
});

/** @throws SymbolonError `status-list-malformed` */
export function readListIndex(bytes: Uint8Array): readonly string[] {
  try {
    return check(ListIndex, parseStrictJson(fromUtf8(bytes)), 'status-list-malformed').lists;
  } catch (error) {
    throw isSymbolonError(error) ? new SymbolonError('status-list-malformed') : error;
  }
}

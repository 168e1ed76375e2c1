import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import type { Region } from '@symbolon/protocol/schemas/region';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { httpRepository } from '@symbolon/registry/http-repository';
import { LIST_INDEX, ListIndex } from '../runtime/list-files.ts';

/** Status list tokens of a region, by id. Not verified: whoever reads the bundle does that. */
export type ListTokens = ReadonlyMap<string, string>;

/** Port: what the regions publish. */
export interface ListSource {
  /** @throws SymbolonError `metadata-unreachable`, `metadata-missing`, `status-list-malformed` */
  listsOf(region: Region): Promise<ListTokens>;
}

/** The lists at a region's published endpoint. */
export const httpLists: ListSource = {
  listsOf: async ({ endpoints }) => {
    const { fetch } = httpRepository({ baseUrl: endpoints.lists });
    const index = parseIndex(await fetch(LIST_INDEX, LIMITS.metadataBytes));
    const tokens = new Map<string, string>();
    for (const id of index) {
      const token = await fetch(id, LIMITS.statusListTokenBytes);
      // A list that ended between the two requests is no fault.
      if (token !== undefined) tokens.set(id, fromUtf8(token));
    }
    return tokens;
  },
};

function parseIndex(bytes: Bytes | undefined): readonly string[] {
  // A region that has minted nothing yet has published no list.
  if (bytes === undefined) return [];
  try {
    return check(ListIndex, parseStrictJson(fromUtf8(bytes)), 'status-list-malformed').lists;
  } catch (error) {
    throw isSymbolonError(error) ? new SymbolonError('status-list-malformed') : error;
  }
}

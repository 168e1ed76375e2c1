import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { httpRepository } from '@symbolon/registry/http-repository';
import { parseStatusListToken } from '@symbolon/status/token';
import { LIST_INDEX, ListIndex } from '../runtime/list-files.ts';
import type { ListSource } from '../runtime/trust-bundle.ts';

/** For all lists of one region. */
const REGION_MILLISECONDS = 60_000;

const AT_ONCE = 8;

/**
 * The lists at a region's published endpoint, in a bounded time and of a bounded size: a region that is slow or sends too much is as one that is
 * down, and keeps no other region's news back.
 */
export function httpLists(milliseconds = REGION_MILLISECONDS): ListSource {
  return {
    listsOf: async ({ issuer, endpoints }) => {
      const { fetch } = httpRepository({ baseUrl: endpoints.lists });
      const deadline = AbortSignal.timeout(milliseconds);
      const index = parseIndex(await fetch(LIST_INDEX, LIMITS.metadataBytes));
      const tokens = new Map<string, string>();
      let bytes = 0;
      const queue = index.values();
      const work = async () => {
        for (const id of queue) {
          if (deadline.aborted) throw new SymbolonError('metadata-unreachable');
          const token = await fetch(id, LIMITS.statusListTokenBytes);
          // A list that ended between the two requests is no fault.
          if (token === undefined) continue;
          bytes += token.length;
          if (bytes > LIMITS.regionListBytes) {
            throw new SymbolonError('metadata-too-large', { bound: LIMITS.regionListBytes });
          }
          tokens.set(id, tokenOf(token, `${issuer}/lists/${id}`));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return tokens;
    },
  };
}

/** Only what is a status list of that region goes into a public file, whatever an address answered. */
function tokenOf(bytes: Bytes, uri: string): string {
  const token = fromUtf8(bytes);
  if (parseStatusListToken(token).claims.sub !== uri) throw new SymbolonError('status-list-malformed');
  return token;
}

function parseIndex(bytes: Bytes | undefined): readonly string[] {
  // A region that has minted nothing yet has published no list.
  if (bytes === undefined) return [];
  try {
    return check(ListIndex, parseStrictJson(fromUtf8(bytes)), 'status-list-malformed').lists;
  } catch (error) {
    throw isSymbolonError(error) ? new SymbolonError('status-list-malformed') : error;
  }
}

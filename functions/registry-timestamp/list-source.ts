import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { concurrently } from '@symbolon/registry/concurrently';
import { httpRepository } from '@symbolon/registry/http-repository';
import { inReadingOrder, LIST_INDEX, readListIndex } from '@symbolon/status/list-index';
import { claimsOfList } from '../runtime/claims-of-list.ts';
import type { ListSource } from '../runtime/trust-bundle.ts';

/** For all lists of one region. */
const REGION_MILLISECONDS = 60_000;

/**
 * The lists at a region's published endpoint, in a bounded time and of a bounded size: a region that is slow or sends too much is as one that is
 * down, and keeps no other region's news back.
 */
export function httpLists(milliseconds = REGION_MILLISECONDS): ListSource {
  return {
    listsOf: async ({ issuer, endpoints }) => {
      const { fetch } = httpRepository({ baseUrl: endpoints.lists });
      const deadline = AbortSignal.timeout(milliseconds);
      const index = await fetch(LIST_INDEX, LIMITS.metadataBytes);
      // A region that has minted nothing yet has published no list.
      const rounds = index === undefined ? [] : inReadingOrder(readListIndex(index));
      const tokens = new Map<string, string>();
      let bytes = 0;
      const take = async (id: string) => {
        if (deadline.aborted) throw new SymbolonError('metadata-unreachable');
        const token = await fetch(id, LIMITS.statusListTokenBytes);
        // A list that ended between the two requests is no fault.
        if (token === undefined) return;
        bytes += token.length;
        if (bytes > LIMITS.regionListBytes) {
          throw new SymbolonError('metadata-too-large', { bound: LIMITS.regionListBytes });
        }
        tokens.set(id, await listOf(token, id, `${issuer}/lists/${id}`));
      };
      for (const ids of rounds) await concurrently(ids, take);
      return tokens;
    },
  };
}

/** Only what is a status list of that region goes into a public file, whatever an address answered. */
async function listOf(bytes: Bytes, id: string, uri: string): Promise<string> {
  const text = fromUtf8(bytes);
  if ((await claimsOfList(id, text)).uri !== uri) throw new SymbolonError('status-list-malformed');
  return text;
}

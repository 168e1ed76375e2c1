import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Region } from '@symbolon/protocol/schemas/region';
import { concurrently } from '@symbolon/registry/concurrently';
import { httpRepository } from '@symbolon/registry/http-repository';
import type { BundledList } from '@symbolon/registry/status-lists';
import { inReadingOrder, LIST_INDEX, readListIndex } from '@symbolon/status/list-index';

/** For one file, and for all lists of one region. */
const FILE_MILLISECONDS = 5_000;
const REGION_MILLISECONDS = 20_000;

/**
 * What a region publishes as status lists, at the address that it signed: bounded in time and size, and no redirect is followed (REQ-DOC-006).
 * Nothing is verified here.
 *
 * @throws SymbolonError `metadata-missing` when there is no index, `metadata-unreachable`, `metadata-too-large`, `status-list-malformed`,
 * `utf8-malformed`
 */
export async function fetchLists({ region, endpoints }: Region): Promise<readonly BundledList[]> {
  const { fetch } = httpRepository({ baseUrl: endpoints.lists, timeoutMs: FILE_MILLISECONDS });
  const deadline = AbortSignal.timeout(REGION_MILLISECONDS);
  const index = await fetch(LIST_INDEX, LIMITS.metadataBytes);
  if (index === undefined) throw new SymbolonError('metadata-missing');
  let bytes = 0;
  const fetchOne = async (id: string): Promise<BundledList | undefined> => {
    if (deadline.aborted) throw new SymbolonError('metadata-unreachable');
    const token = await fetch(id, LIMITS.statusListTokenBytes);
    // A list that ended between the two requests is no fault.
    if (token === undefined) return undefined;
    bytes += token.length;
    if (bytes > LIMITS.regionListBytes) {
      throw new SymbolonError('metadata-too-large', { bound: LIMITS.regionListBytes });
    }
    return { region, id, token: fromUtf8(token) };
  };
  const found: (BundledList | undefined)[] = [];
  for (const ids of inReadingOrder(readListIndex(index))) found.push(...(await concurrently(ids, fetchOne)));
  return found.filter((list) => list !== undefined);
}

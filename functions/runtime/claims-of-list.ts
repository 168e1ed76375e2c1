import type { Instant } from '@symbolon/protocol/instant';
import { purposeOf } from '@symbolon/protocol/list-names';
import { parseStatusListToken } from '@symbolon/status/token';

/**
 * Which list it says that it is, and of when. Nothing is verified. The JSON-LD code is loaded with the first Bitstring list.
 *
 * @param id which kind of list is read
 * @throws SymbolonError `status-list-malformed`, `type-unexpected`, `algorithm-...`
 */
export async function claimsOfList(
  id: string,
  text: string,
): Promise<{ readonly uri: string; readonly issuedAt: Instant }> {
  if (purposeOf(id) !== undefined) {
    const { parseBitstringList } = await import('@symbolon/credential/bitstring-list');
    return parseBitstringList(text);
  }
  const { sub, iat } = parseStatusListToken(text).claims;
  return { uri: sub, issuedAt: iat };
}

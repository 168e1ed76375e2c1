import { verifySignature } from '@symbolon/keys/signature';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { purposeOf, tokenListOf } from '@symbolon/protocol/list-names';
import { own } from '@symbolon/protocol/own';
import type { RegionView, RegistryView } from '@symbolon/registry/registry-view';
import type { BundledList } from '@symbolon/registry/status-lists';
import { checkStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { publishedKeyOf } from './published-key.ts';
import type { BundledBitstring, TrustedList } from './trust.ts';

export interface OpenedLists {
  readonly lists: ReadonlyMap<string, TrustedList>;
  readonly badLists: ReadonlyMap<string, Code>;
  readonly bitstrings: ReadonlyMap<string, BundledBitstring>;
}

/**
 * Checks every Status List Token of a bundle. One that cannot be believed spoils itself only: what it would have said is unknown. Bitstring lists are
 * not checked before they are read (open-bitstring.ts).
 *
 * @param seen by URI, the highest `iat` of each token that this client has seen
 */
export async function openLists(
  registry: RegistryView,
  bundled: readonly BundledList[],
  seen: Readonly<Record<string, Instant>>,
  now: Instant,
): Promise<OpenedLists> {
  const lists = new Map<string, TrustedList>();
  const badLists = new Map<string, Code>();
  const unread = new Map<string, BundledList>();
  for (const list of bundled) {
    const { region, id, token } = list;
    const view = own(registry.regions, region);
    if (view === undefined) continue;
    // REQ-STA-006: the URI follows from the region that signed it, whatever the token or its place says.
    const uri = `${view.region.issuer}/lists/${id}`;
    if (purposeOf(id) !== undefined) {
      unread.set(uri, list);
      continue;
    }
    try {
      lists.set(uri, await openList(view, uri, token, own(seen, uri), now));
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      badLists.set(uri, error.code);
    }
  }
  const bitstrings = new Map<string, BundledBitstring>();
  for (const [uri, { region, token: text }] of unread) {
    const beside = tokenListOf(uri);
    const issuedFrom = lists.get(beside)?.issuedAt ?? own(seen, beside);
    bitstrings.set(uri, { region, uri, text, issuedFrom });
  }
  return { lists, badLists, bitstrings };
}

async function openList(
  view: RegionView,
  uri: string,
  token: string,
  seenAt: Instant | undefined,
  now: Instant,
): Promise<TrustedList> {
  const parsed = parseStatusListToken(token);
  const { iat, exp } = parsed.claims;
  const key = publishedKeyOf(view, 'status', { ...parsed, issuedAt: iat });
  if (!(await verifySignature(key.jwk, parsed.signingInput, parsed.signature)))
    throw new SymbolonError('signature-invalid');
  const fault = checkStatusListToken(parsed, { uri, now });
  // Whether it has expired is judged when it is read: a trust object outlives the moment in which it was made.
  if (fault !== undefined && fault !== 'status-list-expired') throw new SymbolonError(fault);
  // REQ-STA-009: an older list could hide a revocation that was seen already.
  if (seenAt !== undefined && iat < seenAt) throw new SymbolonError('status-list-rollback');
  const { bits, lst } = parsed.claims.status_list;
  return { issuedAt: iat, expiresAt: exp, bits, compressed: compressedOf(lst) };
}

function compressedOf(lst: string): Bytes {
  try {
    return decodeBase64url(lst);
  } catch {
    throw new SymbolonError('status-list-malformed');
  }
}

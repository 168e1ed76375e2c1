import { verifySignature } from '@symbolon/keys/signature';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RegionView, RegistryView } from '@symbolon/registry/registry-view';
import type { BundledList } from '@symbolon/registry/status-lists';
import { checkStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import { isBeforeLead, keyOfRegion, type TrustedList } from './trust.ts';

export interface OpenedLists {
  readonly lists: ReadonlyMap<string, TrustedList>;
  readonly badLists: ReadonlyMap<string, Code>;
}

/** Checks every status list of a bundle. One that cannot be believed spoils itself only: what it would have said is unknown. */
export async function openLists(
  registry: RegistryView,
  bundled: readonly BundledList[],
  seen: Readonly<Record<string, Instant>>,
  now: Instant,
): Promise<OpenedLists> {
  const lists = new Map<string, TrustedList>();
  const badLists = new Map<string, Code>();
  for (const { region, id, token } of bundled) {
    const view = own(registry.regions, region);
    if (view === undefined) continue;
    // REQ-STA-006: the URI follows from the region that signed it, whatever the token or its place says.
    const uri = `${view.region.issuer}/lists/${id}`;
    try {
      lists.set(uri, await openList(view, uri, token, own(seen, uri), now));
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      badLists.set(uri, error.code);
    }
  }
  return { lists, badLists };
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
  const key = keyOfRegion(view, parsed.kid);
  if (key === undefined) throw new SymbolonError('key-unknown');
  if (key.use !== 'status') throw new SymbolonError('key-use');
  if (key.alg !== parsed.alg) throw new SymbolonError('algorithm-mismatch');
  if (key.revoked !== undefined) throw new SymbolonError('key-revoked');
  if (iat < key.notBefore || iat >= key.notAfter) throw new SymbolonError('key-not-valid-then');
  if (isBeforeLead(view, key, iat)) throw new SymbolonError('key-without-lead');
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

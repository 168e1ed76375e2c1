import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { KeyUse, RegionKey } from '@symbolon/protocol/schemas/region';
import type { RegionView } from '@symbolon/registry/registry-view';

/** What a signed message says of its signature. */
export interface ClaimedSignature {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly issuedAt: Instant;
}

/**
 * The key that a region has published for such a message: by (region, `kid`), never by what the message brings along, and then held to its use, its algorithm
 * and its time.
 *
 * @throws SymbolonError `key-unknown`, or the first in this order: `key-use`, `algorithm-mismatch`, `key-not-valid-then`, `key-without-lead`, `key-revoked`
 */
export function publishedKeyOf(view: RegionView, use: KeyUse, claimed: ClaimedSignature): RegionKey {
  const key = view.keys.find(({ kid }) => kid === claimed.kid);
  if (key === undefined) throw new SymbolonError('key-unknown');
  const fault = faultOf(key, use, claimed, view);
  if (fault !== undefined) throw new SymbolonError(fault);
  return key;
}

function faultOf(
  key: RegionKey,
  use: KeyUse,
  { alg, issuedAt }: ClaimedSignature,
  view: RegionView,
): Code | undefined {
  if (key.use !== use) return 'key-use';
  // REQ-KEY-008: the algorithm is the registered key's; what the message says must only agree.
  if (key.alg !== alg) return 'algorithm-mismatch';
  if (issuedAt < key.notBefore || issuedAt >= key.notAfter) return 'key-not-valid-then';
  if (isBeforeLead(view, key, issuedAt)) return 'key-without-lead';
  // REQ-KEY-005: whatever `since` says, as a thief can date what he signs back.
  if (key.revoked !== undefined) return 'key-revoked';
  return undefined;
}

/** REQ-KEY-012: whether this client knows that the key was published too late to have signed at `at`. */
function isBeforeLead(view: RegionView, { kid }: RegionKey, at: Instant): boolean {
  const countsFrom = own(view.lateKeys, kid);
  return countsFrom !== undefined && at < countsFrom;
}

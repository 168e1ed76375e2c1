import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { KeyUse, RegionKey } from '@symbolon/protocol/schemas/region';
import type { RegionView } from '@symbolon/registry/registry-view';
import { isBeforeLead, keyOfRegion } from './trust.ts';

/** What a signed message says of its signature. */
export interface ClaimedSignature {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly issuedAt: Instant;
}

/**
 * The key that a region has published for such a message: by (region, `kid`), held to its use, its algorithm and its time.
 *
 * @throws SymbolonError `key-unknown`, `key-use`, `algorithm-mismatch`, `key-revoked`, `key-not-valid-then`, `key-without-lead`
 */
export function publishedKeyOf(
  view: RegionView,
  use: KeyUse,
  { kid, alg, issuedAt }: ClaimedSignature,
): RegionKey {
  const key = keyOfRegion(view, kid);
  if (key === undefined) throw new SymbolonError('key-unknown');
  if (key.use !== use) throw new SymbolonError('key-use');
  if (key.alg !== alg) throw new SymbolonError('algorithm-mismatch');
  if (key.revoked !== undefined) throw new SymbolonError('key-revoked');
  if (issuedAt < key.notBefore || issuedAt >= key.notAfter) throw new SymbolonError('key-not-valid-then');
  if (isBeforeLead(view, key, issuedAt)) throw new SymbolonError('key-without-lead');
  return key;
}

import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { RegionView } from '@symbolon/registry/registry-view';
import { type ClaimedSignature, publishedKeyOf } from './published-key.ts';

/** The key that a region has published for a status list that was signed so. @throws SymbolonError what `publishedKeyOf` throws */
export function statusKeyOf(view: RegionView, signature: ClaimedSignature): RegionKey {
  return publishedKeyOf(view, 'status', signature);
}

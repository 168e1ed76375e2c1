import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { keysContentOf } from '@symbolon/registry/ceremony/content';
import type { Draft } from '@symbolon/registry/ceremony/draft';

/**
 * The role `<id>.keys` is signed anew when it has less than this left of its 14 days. A hub that is down for 5 days, then a verifier that goes on for 3 days with
 * the bundle of the last moment before, and a run that is missed for 3 days more: none of them meets a role that has expired.
 */
const RENEWED_BELOW_SECONDS = 11 * DAY_SECONDS;

export interface PublishedKeys {
  readonly keys: readonly RegionKey[];
  /** The region says in so many words that it needs no key now (REQ-CER-005). */
  readonly isStopped: boolean;
  /** Whether the role is to be signed anew though nothing changed. */
  readonly endsSoon: boolean;
}

/**
 * What a region has published about its keys; nothing yet, when it is new. It does not matter whether its other files are usable.
 *
 * @throws SymbolonError `json-...`, `region-malformed`
 */
export function publishedKeys(published: Draft, region: string, now: Instant): PublishedKeys {
  const role = published.roles.get(`${region}.keys`);
  const content = keysContentOf(published, region);
  if (role === undefined || content === undefined) return { keys: [], isStopped: false, endsSoon: false };
  return {
    keys: content.keys,
    isStopped: content.stopped,
    endsSoon: role.signed.expires - now < RENEWED_BELOW_SECONDS,
  };
}

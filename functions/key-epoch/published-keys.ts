import { SymbolonError } from '@symbolon/protocol/errors';
import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { keysContentOf } from '@symbolon/registry/ceremony/content';
import type { Draft } from '@symbolon/registry/ceremony/draft';

/**
 * The role `<id>.keys` is signed anew when it has less than this left of its 14 days. A hub that is down for 5 days, then a verifier that goes on for 3 days with
 * the bundle of the last moment before, and a run that is missed for 3 days more: none of them meets a role that has expired.
 */
const RENEWED_BELOW_SECONDS = 11 * DAY_SECONDS;

export interface PublishedKeys {
  /** Of the role; 0 when it has published nothing yet. */
  readonly version: number;
  readonly keys: readonly RegionKey[];
  /** The region says in so many words that it needs no key now (REQ-CER-005). */
  readonly isStopped: boolean;
  /** Whether the role is to be signed anew though nothing changed. */
  readonly endsSoon: boolean;
}

/**
 * What a region has published about its keys; nothing yet, when it is new. It does not matter whether its other files are usable.
 *
 * @throws SymbolonError `json-...`, `region-malformed`; `metadata-missing` when the role, or its `keys.json`, is published and cannot be read
 */
export function publishedKeys(published: Draft, region: string, now: Instant): PublishedKeys {
  const name = `${region}.keys`;
  const role = published.roles.get(name);
  const listed = own(published.base?.trust.snapshot.signed.meta ?? {}, `${name}.json`);
  // REQ-REG-008: what cannot be read is not taken for nothing.
  if (role === undefined && listed !== undefined) throw new SymbolonError('metadata-missing', { path: name });
  const content = keysContentOf(published, region);
  const version = listed?.version ?? 0;
  if (role === undefined || content === undefined)
    return { version, keys: [], isStopped: false, endsSoon: false };
  return {
    version,
    keys: content.keys,
    isStopped: content.stopped,
    endsSoon: role.signed.expires - now < RENEWED_BELOW_SECONDS,
  };
}

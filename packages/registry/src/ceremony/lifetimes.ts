import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { regionOfRole, TARGETS } from '../metadata/delegations.ts';

/** How long metadata lives, in seconds (protocol, section 3). */
export const LIFETIME = {
  root: 365 * DAY_SECONDS,
  targets: 365 * DAY_SECONDS,
  region: 90 * DAY_SECONDS,
  regionKeys: 14 * DAY_SECONDS,
  snapshot: 7 * DAY_SECONDS,
  timestamp: DAY_SECONDS,
} as const;

/** A snapshot with less than this left is signed again together with the timestamp. */
export const SNAPSHOT_RENEWAL_SECONDS = 3 * DAY_SECONDS;

/** The usual life of a role's metadata. */
export function lifetimeOf(role: string): keyof typeof LIFETIME {
  if (role === 'root' || role === TARGETS) return role;
  return regionOfRole(role) === role ? 'region' : 'regionKeys';
}

/** @throws SymbolonError `metadata-expired` when `expires` is not in the future */
export function expiryOf(kind: keyof typeof LIFETIME, now: Instant, expires?: Instant): Instant {
  const at = expires ?? addSeconds(now, LIFETIME[kind]);
  if (at <= now) throw new SymbolonError('metadata-expired');
  return at;
}

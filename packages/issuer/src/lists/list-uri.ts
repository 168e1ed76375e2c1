import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';

/** Lists of one expiry hour: when one is full, the next is used. */
export const LISTS_PER_HOUR = 8;

/** `<issuer>/lists/494763`, then `494763-1`: the expiry in hours since 1970, and which list of that hour. */
export function listUri(issuer: string, expiresAt: Instant, list = 0): string {
  const hour = `${issuer}/lists/${expiresAt / HOUR_SECONDS}`;
  return list === 0 ? hour : `${hour}-${list}`;
}

/** The name under which a list is published: the last segment of its uri. */
export function listId(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

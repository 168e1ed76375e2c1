import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { metadataOf } from '../event/signing-event.ts';
import { LIFETIME, lifetimeOf } from '../lifetimes.ts';
import type { Check } from './check.ts';

/**
 * REQ-REG-006: what has expired when it is published, clients would refuse. Signing may have taken longer than was thought. And what never expires could be
 * shown for ever by whoever holds back what came after it: twice the usual life is the most.
 */
export const checkExpiries: Check = ({ event }, now) =>
  [...metadataOf(event)].flatMap(([role, { signed }]) => {
    if (signed.expires <= now) return [new SymbolonError('metadata-expired', { path: role })];
    return isTooLong(role, signed.expires, now)
      ? [new SymbolonError('metadata-malformed', { path: `${role} expires` })]
      : [];
  });

function isTooLong(role: string, expires: Instant, now: Instant): boolean {
  return expires - now > 2 * LIFETIME[lifetimeOf(role)];
}

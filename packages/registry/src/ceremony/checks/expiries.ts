import { SymbolonError } from '@symbolon/protocol/errors';
import { metadataOf } from '../event/signing-event.ts';
import type { Check } from './check.ts';

/** REQ-REG-006: what has expired when it is published, clients would refuse. Signing may have taken longer than was thought. */
export const checkExpiries: Check = ({ event }, now) =>
  [...metadataOf(event)]
    .filter(([, { signed }]) => signed.expires <= now)
    .map(([role]) => new SymbolonError('metadata-expired', { path: role }));

import { equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { ROOT } from '../event/signing-event.ts';
import { publishedVersion } from '../versions.ts';
import type { Check } from './check.ts';

/**
 * REQ-REG-020: every file of the event was made from the one that is published now. It does not matter what else was published since: a role that
 * is not in the event is none of its business.
 */
export const checkBase: Check = ({ event, published }) => {
  const faults: SymbolonError[] = [];
  for (const [role, { signed, raw }] of event.roles) {
    const before = published === undefined ? 0 : publishedVersion(published, role);
    const madeFrom = raw['replaces'] ?? signed.version - 1;
    if (madeFrom !== before || signed.version <= before) {
      faults.push(new SymbolonError('publication-conflict', { path: role }));
    }
  }
  const root = published?.base?.trust.root;
  // A root that was published ahead, by a publication that broke off, goes on.
  const ahead = published !== undefined && published.trust.root !== root ? published.trust.root : undefined;
  const next = event.root;
  const follows = next === undefined || next.signed.version === (root?.signed.version ?? 0) + 1;
  const same = next === undefined || !ahead || equalBytes(next.signingBytes, ahead.signingBytes);
  return follows && same ? faults : [new SymbolonError('publication-conflict', { path: ROOT }), ...faults];
};

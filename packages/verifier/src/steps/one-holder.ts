import { thumbprint } from '@symbolon/keys/kid';
import { toHex } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Findings } from '../findings.ts';
import { severityOf } from './treatment.ts';

/**
 * REQ-BND-013: statuses that are shown together belong to one key, or two people could put theirs together: a green one of hers and a vaccination of his. A
 * card has no key; whether it is this person's, `onBearer` asks.
 *
 * @param holderKeys of the credentials that have one
 */
export function checkOneHolder(
  holderKeys: readonly PublicJwk[],
  { onSeveralHolders = 'refused' }: Policy,
  findings: Findings,
): void {
  // By the whole thumbprint: two people who want to can make a pair of keys that share a `kid`, which has but 64 bits.
  if (new Set(holderKeys.map((key) => toHex(thumbprint(key)))).size > 1)
    findings.add('binding', 'holders-differ', severityOf(onSeveralHolders, 'info'));
}

import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { UNLISTED_VALIDITY_HOURS } from '@symbolon/protocol/limits';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Severity } from '@symbolon/protocol/schemas/verdict';
import type { RegionView } from '@symbolon/registry/registry-view';
import { statusAt } from '@symbolon/status/status-list';
import { STATUS } from '@symbolon/status/status-value';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust, TrustedList } from '../trust/trust.ts';

/**
 * Step 6: revoked, suspended, contested? Past its `exp` a list is not read, and what cannot be read is unknown: a person decides.
 *
 * @returns as of when the status is known
 */
export function checkStatus(
  { claims }: Decoded,
  view: RegionView,
  scheme: Scheme,
  trust: Trust,
  policy: Policy,
  now: Instant,
  findings: Findings,
): { contested: boolean; asOf: Instant | undefined } {
  const entry = claims.statusEntry;
  if (entry === undefined) {
    const hours = (claims.expiresAt - claims.issuedAt) / HOUR_SECONDS;
    if (scheme.statusList && hours > UNLISTED_VALIDITY_HOURS)
      findings.add('status', 'status-required', 'not-accepted');
    return contestedBy(claims.contested, policy, undefined, findings);
  }
  // REQ-STA-006: a list counts only from the region that issued the credential.
  if (!entry.uri.startsWith(`${view.region.issuer}/lists/`)) {
    findings.add('status', 'status-list-malformed', 'not-accepted');
    return { contested: claims.contested, asOf: undefined };
  }
  const trusted = trust.lists.get(entry.uri);
  const value = trusted && readEntry(trusted, entry.idx, now, findings);
  if (trusted === undefined)
    findings.add('status', trust.badLists.get(entry.uri) ?? 'status-list-missing', 'referred');
  if (value === STATUS.INVALID) findings.add('status', 'status-revoked', 'not-accepted');
  if (value === STATUS.SUSPENDED) findings.add('status', 'status-suspended', 'not-accepted');
  return contestedBy(claims.contested || value === STATUS.CONTESTED, policy, trusted?.issuedAt, findings);
}

function readEntry(
  { expiresAt, list }: TrustedList,
  index: number,
  now: Instant,
  findings: Findings,
): number | undefined {
  if (now >= expiresAt) {
    findings.add('status', 'status-list-expired', 'referred');
    return undefined;
  }
  if (index >= list.size) {
    findings.add('status', 'status-index', 'not-accepted');
    return undefined;
  }
  return statusAt(list, index);
}

const ON_CONTESTED: Record<Policy['onContested'], Severity> = {
  accepted: 'warn',
  referred: 'referred',
  refused: 'not-accepted',
};

function contestedBy(contested: boolean, policy: Policy, asOf: Instant | undefined, findings: Findings) {
  if (contested) findings.add('status', 'status-contested', ON_CONTESTED[policy.onContested]);
  return { contested, asOf };
}

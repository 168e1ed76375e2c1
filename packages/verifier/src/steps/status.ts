import type { StatusClaims } from '@symbolon/credential/model';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { UNLISTED_VALIDITY_HOURS } from '@symbolon/protocol/limits';
import { bitstringListOf, LIST_PURPOSES } from '@symbolon/protocol/list-names';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { RegionView } from '@symbolon/registry/registry-view';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import type { Trust } from '../trust/trust.ts';
import type { CheckedStatus } from './checked-status.ts';
import { readBitstrings } from './status-bitstrings.ts';
import { readTokenList } from './status-token-list.ts';
import { severityOf } from './treatment.ts';

const UNREAD: CheckedStatus = { contested: false, asOf: undefined };

/** Step 6: revoked, suspended, contested? What cannot be read is unknown: a person decides. */
export async function checkStatus(
  decoded: Decoded,
  view: RegionView,
  scheme: Scheme,
  trust: Trust,
  policy: Policy,
  now: Instant,
  findings: Findings,
): Promise<CheckedStatus> {
  const { claims } = decoded;
  if (claims.statusEntry === undefined) requireUnlisted(claims, scheme, findings);
  const read = await readEntry(decoded, view, trust, now, findings);
  const contested = claims.contested || read.contested;
  if (contested) findings.add('status', 'status-contested', severityOf(policy.onContested, 'warn'));
  return { contested, asOf: read.asOf };
}

/** REQ-STA-008: what lives longer than a few hours must be one that can be taken back. */
function requireUnlisted({ issuedAt, expiresAt }: StatusClaims, scheme: Scheme, findings: Findings): void {
  const hours = (expiresAt - issuedAt) / HOUR_SECONDS;
  if (scheme.statusList && hours > UNLISTED_VALIDITY_HOURS)
    findings.add('status', 'status-required', 'not-accepted');
}

async function readEntry(
  { claims: { statusEntry }, listedIn }: Decoded,
  view: RegionView,
  trust: Trust,
  now: Instant,
  findings: Findings,
): Promise<CheckedStatus> {
  if (statusEntry === undefined) return UNREAD;
  // REQ-STA-006: a list counts only from the region that issued the credential.
  if (!isListOf(view, statusEntry)) {
    findings.add('status', 'status-list-malformed', 'not-accepted');
    return UNREAD;
  }
  return listedIn === 'token-list' || hasTokenListOnly(trust, statusEntry)
    ? readTokenList(statusEntry, trust, now, findings)
    : readBitstrings(statusEntry, view, trust, now, findings);
}

/**
 * One state fills the token list and both Bitstring lists. Bundles carry the first one, which is smaller and knows CONTESTED; where they have one of the others, it
 * is the one that the credential names.
 */
function hasTokenListOnly({ lists, bitstrings }: Trust, { uri }: StatusEntry): boolean {
  return lists.has(uri) && !LIST_PURPOSES.some((purpose) => bitstrings.has(bitstringListOf(uri, purpose)));
}

/** What follows the region's URL is one id, so no other region's lists lie below. Nothing is no id. */
function isListOf({ region }: RegionView, { uri }: StatusEntry): boolean {
  const lists = `${region.issuer}/lists/`;
  return uri.startsWith(lists) && /^[^/]+$/.test(uri.slice(lists.length));
}

import type { StatusClaims } from '@symbolon/credential/model';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { UNLISTED_VALIDITY_HOURS } from '@symbolon/protocol/limits';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Severity } from '@symbolon/protocol/schemas/verdict';
import type { RegionView } from '@symbolon/registry/registry-view';
import { statusAt } from '@symbolon/status/status-list';
import { STATUS } from '@symbolon/status/status-value';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';
import { inflated } from '../trust/inflated-lists.ts';
import type { Trust, TrustedList } from '../trust/trust.ts';
import { gradeAge } from './freshness.ts';

export interface CheckedStatus {
  readonly contested: boolean;
  /** As of when the status is known. */
  readonly asOf: Instant | undefined;
}

/** Step 6: revoked, suspended, contested? What cannot be read is unknown: a person decides. */
export async function checkStatus(
  { claims }: Decoded,
  view: RegionView,
  scheme: Scheme,
  trust: Trust,
  policy: Policy,
  now: Instant,
  findings: Findings,
): Promise<CheckedStatus> {
  const entry = claims.statusEntry;
  if (entry === undefined) requireUnlisted(claims, scheme, findings);
  const trusted = entry && listOf(entry, view, trust, findings);
  const value = entry && trusted && (await readEntry(trusted, entry.idx, trust, now, findings));
  const contested = claims.contested || value === STATUS.CONTESTED;
  if (contested) findings.add('status', 'status-contested', ON_CONTESTED[policy.onContested]);
  return { contested, asOf: trusted?.issuedAt };
}

/** REQ-STA-008: what lives longer than a few hours must be one that can be taken back. */
function requireUnlisted({ issuedAt, expiresAt }: StatusClaims, scheme: Scheme, findings: Findings): void {
  const hours = (expiresAt - issuedAt) / HOUR_SECONDS;
  if (scheme.statusList && hours > UNLISTED_VALIDITY_HOURS)
    findings.add('status', 'status-required', 'not-accepted');
}

function listOf(
  { uri }: StatusEntry,
  { region }: RegionView,
  trust: Trust,
  findings: Findings,
): TrustedList | undefined {
  const lists = `${region.issuer}/lists/`;
  // REQ-STA-006: a list counts only from the region that issued the credential; the rest is one id, so no other region's lists lie below.
  if (!uri.startsWith(lists) || uri.slice(lists.length).includes('/')) {
    findings.add('status', 'status-list-malformed', 'not-accepted');
    return undefined;
  }
  const trusted = trust.lists.get(uri);
  if (trusted === undefined)
    findings.add('status', trust.badLists.get(uri) ?? 'status-list-missing', 'referred');
  return trusted;
}

async function readEntry(
  trusted: TrustedList,
  index: number,
  { registry }: Trust,
  now: Instant,
  findings: Findings,
): Promise<number | undefined> {
  const { issuedAt, expiresAt } = trusted;
  // REQ-STA-005: past its `exp` a list is not read.
  if (now >= expiresAt) {
    findings.add('status', 'status-list-expired', 'referred');
    return undefined;
  }
  // A fresh registry can come with an old list: a region that could not be reached, or a mirror that holds the newer one back.
  gradeAge('status', issuedAt, registry.federation.freshness, now, findings);
  const value = await valueAt(trusted, index);
  switch (value) {
    case STATUS.VALID:
    // Whether that matters is the policy's.
    case STATUS.CONTESTED:
      break;
    case STATUS.INVALID:
      findings.add('status', 'status-revoked', 'not-accepted');
      break;
    case STATUS.SUSPENDED:
      findings.add('status', 'status-suspended', 'not-accepted');
      break;
    case 'malformed':
      findings.add('status', 'status-list-malformed', 'referred');
      return undefined;
    case undefined:
      findings.add('status', 'status-index', 'not-accepted');
      break;
    default:
      // REQ-STA-006: a value that this protocol does not know is not VALID (Token Status List, section 7.1).
      findings.add('status', 'status-list-malformed', 'referred');
  }
  return value;
}

async function valueAt(trusted: TrustedList, index: number): Promise<number | 'malformed' | undefined> {
  try {
    return statusAt(await inflated(trusted), index);
  } catch (error) {
    if (isSymbolonError(error)) return 'malformed';
    throw error;
  }
}

const ON_CONTESTED: Record<Policy['onContested'], Severity> = {
  accepted: 'warn',
  referred: 'referred',
  refused: 'not-accepted',
};

import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { statusAt } from '@symbolon/status/status-list';
import { STATUS } from '@symbolon/status/status-value';
import type { Findings } from '../findings.ts';
import { inflated } from '../trust/inflated-lists.ts';
import type { Trust, TrustedList } from '../trust/trust.ts';
import type { CheckedStatus } from './checked-status.ts';
import { gradeAge } from './freshness.ts';

/** What the Status List Token of its region says of an SD-JWT (Token Status List, section 8.3). */
export async function readTokenList(
  { idx, uri }: StatusEntry,
  trust: Trust,
  now: Instant,
  findings: Findings,
): Promise<CheckedStatus> {
  const trusted = trust.lists.get(uri);
  if (trusted === undefined) {
    findings.add('status', trust.badLists.get(uri) ?? 'status-list-missing', 'referred');
    return { contested: false, asOf: undefined };
  }
  const value = await readEntry(trusted, idx, trust, now, findings);
  if (value === 'unread') return { contested: false, asOf: undefined };
  return { contested: value === STATUS.CONTESTED, asOf: trusted.issuedAt };
}

async function readEntry(
  trusted: TrustedList,
  index: number,
  trust: Trust,
  now: Instant,
  findings: Findings,
): Promise<number | 'unread' | undefined> {
  const { issuedAt, expiresAt } = trusted;
  // REQ-STA-005: past its `exp` a list is not read.
  if (now >= expiresAt) {
    findings.add('status', 'status-list-expired', 'referred');
    return 'unread';
  }
  // A fresh registry can come with an old list: a region that could not be reached, or a mirror that holds the newer one back.
  gradeAge('status', issuedAt, trust.registry.federation.freshness, now, findings);
  const value = await valueAt(trust, trusted, index);
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
      return 'unread';
    case undefined:
      findings.add('status', 'status-index', 'not-accepted');
      break;
    default:
      // REQ-STA-006: a value that this protocol does not know is not VALID (Token Status List, section 7.1).
      findings.add('status', 'status-list-malformed', 'referred');
  }
  return value;
}

async function valueAt(
  trust: Trust,
  trusted: TrustedList,
  index: number,
): Promise<number | 'malformed' | undefined> {
  try {
    return statusAt(await inflated(trust, trusted), index);
  } catch (error) {
    if (isSymbolonError(error)) return 'malformed';
    throw error;
  }
}

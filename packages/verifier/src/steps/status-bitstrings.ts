import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import { bitstringListOf } from '@symbolon/protocol/list-names';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { RegionView } from '@symbolon/registry/registry-view';
import { isSetAt } from '@symbolon/status/bitstring';
import type { Findings } from '../findings.ts';
import { expanded } from '../trust/inflated-lists.ts';
import { openBitstring } from '../trust/open-bitstring.ts';
import type { BundledBitstring, Trust, TrustedBitstring } from '../trust/trust.ts';
import type { CheckedStatus } from './checked-status.ts';
import { gradeAge } from './freshness.ts';

/**
 * What the two Bitstring lists of its region say of a JSON-LD credential (Bitstring Status List 1.0, section 3.2). They know no CONTESTED. What both have
 * against them is told once.
 */
export async function readBitstrings(
  { idx, uri }: StatusEntry,
  view: RegionView,
  trust: Trust,
  now: Instant,
  findings: Findings,
): Promise<CheckedStatus> {
  const read = (list: string) => readBit(trust.bitstrings.get(list), idx, view, trust, now);
  const revocation = await read(bitstringListOf(uri, 'revocation'));
  const suspension = await read(bitstringListOf(uri, 'suspension'));
  for (const code of new Set([revocation.fault, suspension.fault]))
    if (code !== undefined)
      findings.add('status', code, code === 'status-index' ? 'not-accepted' : 'referred');
  const older = Math.min(...[revocation, suspension].flatMap(({ readAsOf }) => readAsOf ?? []));
  if (Number.isFinite(older))
    gradeAge('status', instant(older), trust.registry.federation.freshness, now, findings);
  // Revoked goes before suspended, as in a token list.
  if (revocation.isSet) findings.add('status', 'status-revoked', 'not-accepted');
  else if (suspension.isSet) findings.add('status', 'status-suspended', 'not-accepted');
  const isKnown = revocation.readAsOf !== undefined && suspension.readAsOf !== undefined;
  return { contested: false, asOf: isKnown ? instant(older) : undefined };
}

interface ReadBit {
  readonly isSet: boolean;
  /** When the list was issued, if it was read. */
  readonly readAsOf?: Instant;
  readonly fault?: Code;
}

async function readBit(
  bundled: BundledBitstring | undefined,
  index: number,
  view: RegionView,
  trust: Trust,
  now: Instant,
): Promise<ReadBit> {
  if (bundled === undefined) return { isSet: false, fault: 'status-list-missing' };
  try {
    const list = await openBitstring(view, bundled);
    checkTime(list, now);
    const bit = isSetAt(await expanded(trust, list), index);
    if (bit === undefined) return { isSet: false, readAsOf: list.issuedAt, fault: 'status-index' };
    return { isSet: bit, readAsOf: list.issuedAt };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return { isSet: false, fault: error.code };
  }
}

function checkTime({ issuedAt, expiresAt }: TrustedBitstring, now: Instant): void {
  if (issuedAt > now + WINDOW.aheadSeconds) throw new SymbolonError('clock');
  // REQ-STA-005: past its end a list is not read.
  if (now >= expiresAt) throw new SymbolonError('status-list-expired');
}

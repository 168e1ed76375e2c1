import { type LogRegistry, logOfRegion } from '@symbolon/audit/log-of-region';
import type { LogTrust } from '@symbolon/log/checkpoint';
import { type CheckedReceipt, checkReceipt, parseReceipt } from '@symbolon/log/receipt';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import type { HeldReceipt } from './wallet-file.ts';

/** A receipt that holds and what it was checked with, or why it does not. */
export type ReceiptCheck =
  | { readonly receipt: CheckedReceipt; readonly trust: LogTrust }
  | { readonly problem: Code };

/** What a receipt is held to. */
export type ReceiptClaim = Pick<HeldReceipt, 'text' | 'region' | 'scheme' | 'beside'>;

/**
 * REQ-LOG-014: a receipt is of the region's log, and of what the credentials say that it came with. A level that the registry does not know for a favourable one
 * needs the witnesses.
 *
 * It is NOT checked whether the log as it is today still has the leaf: that takes the network, and `symbolon audit`.
 */
export async function checkHeldReceipt(claim: ReceiptClaim, registry: LogRegistry): Promise<ReceiptCheck> {
  try {
    const trust = logOfRegion(registry, claim.region);
    // Whatever log it is of, the registry does not name it.
    if (trust === undefined) return { problem: 'log-origin' };
    const { leaf } = parseReceipt(claim.text);
    const receipt = await checkReceipt(claim.text, trust, !isFavourable(leaf, registry));
    return isOf(leaf, claim) ? { receipt, trust } : { problem: 'receipt-mismatch' };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return { problem: error.code };
  }
}

/** The check as the wallet keeps it. */
export function checkedAt(check: ReceiptCheck, at: Instant): HeldReceipt['checked'] {
  if ('problem' in check) return { at, witnesses: 0, problem: check.problem };
  return { at, witnesses: check.receipt.cosigned.size };
}

function isFavourable({ scheme, level }: DecisionLeaf, { schemes }: LogRegistry): boolean {
  const levels = own(schemes, scheme)?.levels ?? [];
  return levels.some(({ id, effect }) => id === level && effect === 'favourable');
}

/** A decision that ended a status has no credentials. */
function isOf(leaf: DecisionLeaf, { region, scheme, beside }: ReceiptClaim): boolean {
  return (
    leaf.mode !== 'ended' &&
    leaf.region === region &&
    leaf.scheme === scheme &&
    leaf.level === beside?.level &&
    leaf.rule === beside.rule &&
    leaf.authority === beside.authority
  );
}

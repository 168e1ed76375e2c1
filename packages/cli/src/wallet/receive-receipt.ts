import { type LogRegistry, logOfRegion } from '@symbolon/audit/log-of-region';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { checkedAt, checkHeldReceipt, type ReceiptCheck } from './check-held-receipt.ts';
import { readHeld } from './read-held.ts';
import type { HeldCredential, HeldReceipt } from './wallet-file.ts';

/** What came for a receipt with a batch. */
export interface Received {
  /** Nothing where there is no log, and no receipt. */
  readonly check: ReceiptCheck | undefined;
  /** What is kept: also one that proves nothing, as it shows what the issuer gave. */
  readonly held: HeldReceipt | undefined;
}

/** Checks a receipt against the credentials that it came with, and the log that the registry names. */
export async function receiveReceipt(
  text: string | undefined,
  batch: readonly HeldCredential[],
  { region, issuers, registry }: Issuer,
): Promise<Received> {
  const [first] = batch;
  if (text === undefined) return { check: missing(region, registry), held: undefined };
  if (first === undefined || text.length > LIMITS.receiptBytes)
    return { check: { problem: 'receipt-malformed' }, held: undefined };
  const { scheme, dependant, receivedAt } = first;
  const claim = { text, region, scheme, beside: await saidByAll(batch, issuers) };
  const check = await checkHeldReceipt(claim, registry);
  const whose = dependant === undefined ? {} : { dependant };
  return { check, held: { ...claim, ...whose, receivedAt, checked: checkedAt(check, receivedAt) } };
}

/** Whom it was asked of. */
export interface Issuer {
  readonly region: string;
  /** What the region calls itself in its credentials. */
  readonly issuers: readonly string[];
  readonly registry: LogRegistry;
}

/** REQ-LOG-022: where the registry names a log, an issuer that hands out no receipt is told of. */
function missing(region: string, registry: LogRegistry): { readonly problem: Code } | undefined {
  const { log, witnesses } = registry.federation;
  try {
    return logOfRegion(registry, region) && { problem: 'receipt-missing' };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    // A federation that has no logs lacks none.
    return log === undefined && witnesses === undefined ? undefined : { problem: 'receipt-missing' };
  }
}

async function saidByAll(
  batch: readonly HeldCredential[],
  issuers: readonly string[],
): Promise<HeldReceipt['beside']> {
  const all = await Promise.all(batch.map(readHeld));
  const first = all[0]?.claims;
  if (first === undefined) return undefined;
  const { scheme, level, rule, authority } = first;
  const isOne = all.every(
    (each) =>
      each !== undefined &&
      issuers.includes(each.issuer) &&
      each.claims.scheme === scheme &&
      batch[0]?.scheme === scheme &&
      each.claims.level === level &&
      each.claims.rule === rule &&
      each.claims.authority === authority,
  );
  return isOne ? { level, rule, authority } : undefined;
}

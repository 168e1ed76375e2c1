import { parseReceipt } from '@symbolon/log/receipt';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { DAY_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import type { HeldCredential, HeldReceipt } from './wallet-file.ts';

/** How long a receipt is kept after its decision, which is much longer than credentials live: a court may ask. */
const KEPT_DAYS = 90;

/**
 * One receipt for each decision: all batches of one share it. The one that more witnesses back stays, of equal ones the newer, and one that proves nothing never takes
 * the place of one that does.
 */
export function withReceipt(receipts: readonly HeldReceipt[], fresh: HeldReceipt): readonly HeldReceipt[] {
  const decision = decisionIn(fresh);
  const before = receipts.find((each) => decisionIn(each) === decision);
  const others = receipts.filter((each) => each !== before);
  const isBetter = before === undefined || weight(fresh) >= weight(before);
  return [...others, isBetter ? fresh : { ...before, receivedAt: fresh.receivedAt }];
}

/** What a wallet keeps: receipts of decisions within 90 days, and those whose credentials it still has. */
export function withoutOld(
  receipts: readonly HeldReceipt[],
  credentials: readonly HeldCredential[],
  now: Instant,
): readonly HeldReceipt[] {
  return receipts.filter(
    (each) =>
      now - decidedAt(each) < KEPT_DAYS * DAY_SECONDS ||
      credentials.some(
        ({ scheme, dependant, receivedAt }) =>
          scheme === each.scheme && dependant === each.dependant && receivedAt === each.receivedAt,
      ),
  );
}

/** When it was decided, as the receipt says, and never later than it came. */
export function decidedAt(receipt: HeldReceipt): Instant {
  const said = saidIn(receipt)?.opening.decidedAt ?? receipt.receivedAt;
  return instant(Math.min(said, receipt.receivedAt));
}

/** What a receipt says, whatever its check said; nothing when it is none. */
export function saidIn({ text }: HeldReceipt): ReturnType<typeof parseReceipt> | undefined {
  try {
    return parseReceipt(text);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return undefined;
  }
}

/** Its salt makes every commitment another one. */
function decisionIn(receipt: HeldReceipt): string {
  return saidIn(receipt)?.leaf.commitment ?? receipt.text;
}

function weight({ checked }: HeldReceipt): number {
  return checked.problem === undefined ? checked.witnesses : -1;
}

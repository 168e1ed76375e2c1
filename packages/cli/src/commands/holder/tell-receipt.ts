import { SymbolonError } from '@symbolon/protocol/errors';
import { sentenceOf } from '../../output/advice.ts';
import { witnessed } from '../../output/receipt-text.ts';
import { note, plain } from '../../output/terminal.ts';
import type { Received } from '../../wallet/receive-receipt.ts';

/** On standard error, where what came for a receipt proves nothing. */
export function warnOfReceipt({ check, held }: Received): void {
  if (check === undefined || !('problem' in check)) return;
  const sentence = sentenceOf(new SymbolonError(check.problem), 'holder');
  const next =
    held === undefined
      ? 'The credentials are kept.'
      : 'Credentials and receipt are kept: try "symbolon trust pull", then "symbolon holder receipts --check".';
  note(`Warning: ${sentence} ${next} [${check.problem}]`);
}

/** What a good receipt proves. */
export function provenLines({ check }: Received): readonly string[] {
  if (check === undefined || 'problem' in check) return [];
  const { receipt, trust } = check;
  return [plain(`Their decision is in the log ${trust.origin}; witnesses: ${witnessed(receipt, trust)}.`)];
}

/** For machines. Nothing where there is no log. */
export function receiptJson({ check, held }: Received): object {
  if (check === undefined) return {};
  const kept = held !== undefined;
  if ('problem' in check) return { receipt: { kept, problem: check.problem } };
  return { receipt: { kept, problem: null, witnesses: check.receipt.cosigned.size } };
}

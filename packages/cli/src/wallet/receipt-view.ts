import { formatInstant } from '@symbolon/protocol/instant';
import { howMany } from '../output/how-many.ts';
import { plain } from '../output/terminal.ts';
import { decidedAt, saidIn } from './keep-receipts.ts';
import type { HeldReceipt } from './wallet-file.ts';

/** A receipt in the list, with its number in the wallet. */
export interface ListedReceipt {
  readonly number: number;
  readonly receipt: HeldReceipt;
}

/** The oldest decision first: what is numbered keeps its number while newer ones come. */
export function listed(receipts: readonly HeldReceipt[]): readonly ListedReceipt[] {
  return receipts
    .toSorted((a, b) => decidedAt(a) - decidedAt(b))
    .map((receipt, index) => ({ number: index + 1, receipt }));
}

/** Scheme, level, when, by which rule, and how far the last check proved it. */
export function receiptLine({ number, receipt }: ListedReceipt): string {
  const { region, scheme, beside, dependant, checked } = receipt;
  const { level, rule, authority } = saidIn(receipt)?.leaf ?? beside ?? UNKNOWN;
  const whose = dependant === undefined ? '' : `, of ${dependant}`;
  return plain(
    `${number}  ${formatInstant(decidedAt(receipt))}  ${scheme}: ${level}, rule ${rule}, ${authority}, ${region}${whose}; ${provenBy(checked)}`,
  );
}

/** The same for machines. The proof itself is only ever exported. */
export function receiptJson({ number, receipt }: ListedReceipt): object {
  const { region, scheme, dependant, beside, receivedAt, checked } = receipt;
  const said = saidIn(receipt);
  const { level, rule, authority } = said?.leaf ?? beside ?? UNKNOWN;
  return {
    number,
    ...{ region, scheme, level, rule, authority },
    mode: said?.leaf.mode ?? null,
    decidedAt: formatInstant(decidedAt(receipt)),
    index: said?.index ?? null,
    dependant: dependant ?? null,
    receivedAt: formatInstant(receivedAt),
    checkedAt: formatInstant(checked.at),
    witnesses: checked.witnesses,
    problem: checked.problem ?? null,
  };
}

const UNKNOWN = { level: 'unknown', rule: 'unknown', authority: 'unknown' };

function provenBy({ witnesses, problem }: HeldReceipt['checked']): string {
  if (problem !== undefined) return `not proven [${problem}]`;
  return witnesses === 0
    ? 'proven by the log only'
    : `proven, seen by ${howMany(witnesses, 'witness', 'witnesses')}`;
}

import type { Command } from 'commander';
import { systemNow } from '../../clock.ts';
import { EXIT } from '../../exit-code.ts';
import { givenBy } from '../../files/file-fault.ts';
import { createFile, MODE } from '../../files/write-file.ts';
import { schemeOption, subjectOption } from '../../issuer/option-values.ts';
import { howMany } from '../../output/how-many.ts';
import { receiptLines } from '../../output/receipt-text.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { ToldError } from '../../told-error.ts';
import { defaultTrustFolder, defaultWallet } from '../../trust/default-paths.ts';
import { loadTrust } from '../../trust/load-trust.ts';
import { UsageError } from '../../usage-error.ts';
import { checkedAt, checkHeldReceipt, type ReceiptCheck } from '../../wallet/check-held-receipt.ts';
import { type ListedReceipt, listed, receiptJson, receiptLine } from '../../wallet/receipt-view.ts';
import { readWallet, writeWallet } from '../../wallet/wallet-file.ts';
import { count } from '../arguments.ts';

/** More decisions than 90 days bring. */
const HIGHEST = 9999;

interface Options {
  readonly scheme?: string;
  readonly for?: string;
  readonly number?: number;
  readonly check?: true;
  readonly export?: string;
  readonly json?: true;
  readonly trust: string;
  readonly wallet: string;
}

/** `symbolon holder receipts` */
export function receiptsCommand(holder: Command, setExitCode: (code: number) => void): void {
  holder
    .command('receipts')
    .summary('what proves that your decisions are in the public log: list, check, export')
    .description(
      'Lists the receipts that came with batches of credentials, one for each decision. A receipt is for its holder, and for an auditor or a court: it is never part of what is shown at a gate.',
    )
    .option('--scheme <name>', 'of this scheme only', schemeOption)
    .option('--for <subject>', 'those that a guardian got for this dependant', subjectOption)
    .option('--number <n>', 'the one with this number in the list', count(HIGHEST))
    .option('--check', 'check them again, with the registry of the trust folder')
    .option('--export <file>', 'write one, the newest unless --number says, to a new .tlog-proof file')
    .option('--trust <path>', 'the trust folder, for --check', defaultTrustFolder())
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
Examples:
  symbolon holder receipts --check
  symbolon holder receipts --scheme health --export red.tlog-proof`,
    )
    .action(async (options: Options) => {
      if (options.export !== undefined && options.check)
        throw new UsageError('Check receipts, or export one: --check or --export.');
      if (options.export !== undefined) await exportOne(options, options.export);
      else if (!options.check) list(await wanted(options), options);
      else if (!(await checkAgain(options))) setExitCode(EXIT.refused);
    });
}

/** Numbers are those of the whole wallet, whatever is left out. */
async function wanted({
  wallet,
  scheme,
  number,
  for: dependant,
}: Options): Promise<readonly ListedReceipt[]> {
  return listed((await readWallet(wallet)).receipts ?? []).filter(
    (each) =>
      (scheme === undefined || each.receipt.scheme === scheme) &&
      (number === undefined || each.number === number) &&
      (dependant === undefined || each.receipt.dependant === dependant),
  );
}

function list(found: readonly ListedReceipt[], { json }: Options): void {
  if (json) printJson({ receipts: found.map(receiptJson) });
  else if (found.length === 0) note('No receipt of this is in the wallet: one comes with each batch.');
  else for (const each of found) print(receiptLine(each));
}

/** @returns whether all of them prove their decisions */
async function checkAgain(options: Options): Promise<boolean> {
  const now = systemNow();
  const { registry } = await loadTrust({ trust: options.trust, now, warn: note });
  const found = await wanted(options);
  const checks: ReceiptCheck[] = [];
  for (const { receipt } of found) checks.push(await checkHeldReceipt(receipt, registry));
  const again = found.map(({ number, receipt }, i) => {
    const check = checks[i];
    return { number, receipt: check ? { ...receipt, checked: checkedAt(check, now) } : receipt };
  });
  const wallet = await readWallet(options.wallet);
  const receipts = (wallet.receipts ?? []).map(
    (each) => again.find(({ receipt }) => receipt.text === each.text)?.receipt ?? each,
  );
  if (again.length > 0) await writeWallet(options.wallet, { ...wallet, receipts });
  list(again, options);
  const proven = checks.filter((check) => 'receipt' in check);
  if (!options.json && options.number !== undefined)
    for (const { receipt, trust } of proven) for (const line of receiptLines(receipt, trust)) print(line);
  if (!options.json) note(`${howMany(proven.length, 'receipt')} of ${checks.length} proven.`);
  return proven.length === checks.length;
}

async function exportOne(options: Options, file: string): Promise<void> {
  const found = await wanted(options);
  const last = found.at(-1);
  if (last === undefined)
    throw new ToldError('receipt-missing', 'No receipt of this is in the wallet: one comes with each batch.');
  await givenBy('--export', () => createFile(file, last.receipt.text, MODE.secret));
  if (options.json) printJson(receiptJson(last));
  else print(`In ${file}: ${receiptLine(last)}`);
  if (found.length > 1) note(`The newest of ${found.length}: --number takes another one.`);
  note(
    'Whoever gets this file learns what is in no public leaf: the class of evidence, how many decisions of this scheme there were about you before, and the second of this one; and which entry of the public log is yours. Give it to those only who are to check the decision.',
  );
}

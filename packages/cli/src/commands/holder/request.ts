import type { PrivateJwk } from '@symbolon/keys/private-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Command } from 'commander';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { subjectOption } from '../../issuer/option-values.ts';
import { howMany } from '../../output/how-many.ts';
import { print, printJson } from '../../output/terminal.ts';
import { ToldError } from '../../told-error.ts';
import { defaultWallet } from '../../trust/default-paths.ts';
import { expiredSchemes, keysBeside } from '../../wallet/choose.ts';
import { type DatedCredential, dateCredentials, withoutExpired } from '../../wallet/dated.ts';
import { withoutOld, withReceipt } from '../../wallet/keep-receipts.ts';
import { receiveReceipt } from '../../wallet/receive-receipt.ts';
import { readWallet, writeWallet } from '../../wallet/wallet-file.ts';
import { count } from '../arguments.ts';
import { nameOption } from '../region-argument.ts';
import { askForBatch } from './ask-for-batch.ts';
import { addCodeOption, type CodeOptions, codeOf } from './code.ts';
import { type FormatName, formatOption } from './format-option.ts';
import { readDated } from './read-dated.ts';
import { provenLines, receiptJson, warnOfReceipt } from './tell-receipt.ts';

/** When nothing is said. */
const DEFAULT_COUNT = 4;

interface Options extends CodeOptions, RegionOptions {
  readonly scheme: string;
  readonly for?: string;
  readonly format: FormatName;
  readonly with?: string;
  readonly count?: number;
  readonly wallet: string;
}

/** `symbolon holder request` */
export function requestCommand(holder: Command): void {
  addRegionOptions(addCodeOption(holder.command('request')))
    .argument('<region>', 'the region that enrolled you, such as CN-BJ')
    .summary('get a batch of credentials from a region')
    .description(
      'Gets a batch of credentials, each for a new key, and drops from the wallet what has expired. The receipt that comes with it, which proves that the decision is in the public log, is checked and kept: see "symbolon holder receipts". The region is looked up in the trust folder, never by a link.',
    )
    .option('--scheme <name>', 'the scheme', 'health')
    .option('--for <subject>', 'as a guardian, in the place of this dependant', subjectOption)
    .addOption(formatOption())
    .option(
      '--with <scheme>',
      'with the keys of the unused credentials of this other scheme, so that one of each can be shown together',
      nameOption,
    )
    .option(
      '--count <n>',
      `how many: ${DEFAULT_COUNT}, or with --with as many as there are keys`,
      count(LIMITS.batchCredentials),
    )
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .addHelpText(
      'after',
      '\nExamples:\n  SYMBOLON_CODE=... symbolon holder request CN-BJ --scheme health\n  SYMBOLON_CODE=... symbolon holder request CN-BJ --scheme test --with health',
    )
    .action(request);
}

async function request(region: string, options: Options): Promise<void> {
  const { scheme, format, for: dependant } = options;
  const { view, registry, now } = await openRegion(region, options);
  const code = codeOf(options);
  const keys = keysOf(options, await readDated(options.wallet), now);
  const whose = dependant === undefined ? {} : { dependant };
  const { issuer, did, endpoints } = view.region;
  const order = { endpoint: endpoints.issuer, issuer, code, scheme, format, ...keys, ...whose, now };
  const batch = await askForBatch(order);
  const held = batch.credentials.map((each) => ({
    ...each,
    scheme,
    format,
    ...whose,
    receivedAt: now,
    used: false,
  }));
  const received = await receiveReceipt(batch.receipt, held, { region, issuers: [issuer, did], registry });
  // As it is now: something may have been shown while this waited.
  const wallet = await readWallet(options.wallet);
  const dated = await dateCredentials(wallet.credentials);
  const credentials = [...withoutExpired(dated, now), ...held];
  const before = wallet.receipts ?? [];
  const receipts = received.held === undefined ? before : withReceipt(before, received.held);
  const kept = withoutOld(receipts, credentials, now);
  await writeWallet(options.wallet, { ...wallet, credentials, receipts: [...kept] });
  const [expired, old] = [dated.length + held.length - credentials.length, receipts.length - kept.length];
  // REQ-LOG-014, REQ-LOG-022: told, and what came stays.
  warnOfReceipt(received);
  if (options.json) {
    const more = { ...receiptJson(received), ...(old > 0 && { oldReceipts: old }) };
    return printJson({ received: held.length, scheme, format, expired, ...more });
  }
  print(`${held.length} ${scheme} credentials (${format}) from ${region} are in ${options.wallet}.`);
  for (const line of provenLines(received)) print(line);
  if (old > 0) print(`Dropped from it, as their decisions are long past: ${howMany(old, 'receipt')}.`);
  if (expired > 0) print(`Dropped from it, as expired: ${howMany(expired, 'credential')}.`);
}

/** @throws SymbolonError `credential-missing` when there is nothing to go with, `expired` when there was and it has ended */
function keysOf(
  { scheme, with: beside, format, for: dependant, count }: Options,
  wallet: readonly DatedCredential[],
  now: Instant,
): { readonly count: number } | { readonly keys: readonly PrivateJwk[] } {
  if (beside === undefined) return { count: count ?? DEFAULT_COUNT };
  const whose = { format, dependant, now };
  const keys = keysBeside(wallet, beside, scheme, whose);
  if (keys.length > 0) return { keys: keys.slice(0, count ?? LIMITS.batchCredentials) };
  if (expiredSchemes(wallet, { ...whose, schemes: [beside] }).length === 0)
    throw new SymbolonError('credential-missing', { path: '--with' });
  throw new ToldError(
    'expired',
    'What these were to go with has expired: get a new batch of that first, with "symbolon holder request".',
  );
}

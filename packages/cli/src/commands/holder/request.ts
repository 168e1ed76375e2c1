import type { PrivateJwk } from '@symbolon/keys/private-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Command } from 'commander';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { subjectOption } from '../../issuer/words.ts';
import { print, printJson } from '../../output/terminal.ts';
import { defaultWallet } from '../../trust/default-paths.ts';
import { keysBeside } from '../../wallet/choose.ts';
import { requestBatch } from '../../wallet/request-batch.ts';
import { readWallet, type Wallet, writeWallet } from '../../wallet/wallet-file.ts';
import { count } from '../arguments.ts';
import { nameOption } from '../region-argument.ts';
import { addCodeOption, type CodeOptions, codeOf } from './code.ts';
import { type FormatName, formatOption } from './format-option.ts';

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
      'Gets a batch of credentials, each for a new key. The region is looked up in the trust folder, never by a link.',
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
    .action(async (region: string, options: Options) => {
      const { scheme, format, for: dependant } = options;
      const { view, now } = await openRegion(region, options);
      const code = codeOf(options);
      const wallet = await readWallet(options.wallet);
      const keys = keysOf(options, wallet);
      const whose = dependant === undefined ? {} : { dependant };
      const { issuer, endpoints } = view.region;
      const order = { endpoint: endpoints.issuer, issuer, code, scheme, format, ...keys, ...whose, now };
      const batch = await requestBatch(order);
      const held = batch.map((each) => ({
        ...each,
        scheme,
        format,
        ...whose,
        receivedAt: now,
        used: false,
      }));
      await writeWallet(options.wallet, { ...wallet, credentials: [...wallet.credentials, ...held] });
      if (options.json) printJson({ received: held.length, scheme, format });
      else print(`${held.length} ${scheme} credentials (${format}) from ${region} are in ${options.wallet}.`);
    });
}

/** @throws SymbolonError `credential-missing` when there is nothing to go with */
function keysOf(
  { scheme, with: beside, format, for: dependant, count }: Options,
  wallet: Wallet,
): { readonly count: number } | { readonly keys: readonly PrivateJwk[] } {
  if (beside === undefined) return { count: count ?? DEFAULT_COUNT };
  const keys = keysBeside(wallet, beside, scheme, { format, dependant });
  if (keys.length === 0) throw new SymbolonError('credential-missing', { path: '--with' });
  return { keys: keys.slice(0, count ?? LIMITS.batchCredentials) };
}

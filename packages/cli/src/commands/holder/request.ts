import { LIMITS } from '@symbolon/protocol/limits';
import type { Command } from 'commander';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { subjectOption } from '../../issuer/words.ts';
import { print, printJson } from '../../output/terminal.ts';
import { defaultWallet } from '../../trust/default-paths.ts';
import { requestBatch } from '../../wallet/request-batch.ts';
import { readWallet, writeWallet } from '../../wallet/wallet-file.ts';
import { count } from '../arguments.ts';
import { addCodeOption, type CodeOptions, codeOf } from './code.ts';
import { type FormatName, formatOption } from './format-option.ts';

interface Options extends CodeOptions, RegionOptions {
  readonly scheme: string;
  readonly for?: string;
  readonly format: FormatName;
  readonly count: number;
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
    .option('--count <n>', 'how many', count(LIMITS.batchCredentials), 4)
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .addHelpText('after', '\nExample:\n  SYMBOLON_CODE=... symbolon holder request CN-BJ --scheme health')
    .action(async (region: string, options: Options) => {
      const { scheme, format, count, for: dependant } = options;
      const { view, now } = await openRegion(region, options);
      const code = codeOf(options);
      const whose = dependant === undefined ? {} : { dependant };
      const { issuer, endpoints } = view.region;
      const order = { endpoint: endpoints.issuer, issuer, code, scheme, format, count, ...whose, now };
      const batch = await requestBatch(order);
      const wallet = await readWallet(options.wallet);
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

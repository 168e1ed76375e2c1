import { writeFile } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type Command, Option } from 'commander';
import { systemNow } from '../../clock.ts';
import { subjectOption } from '../../issuer/words.ts';
import { note, print } from '../../output/terminal.ts';
import { qrPng, qrTerminal, qrVersion } from '../../qr/write-image.ts';
import { defaultTrustFolder, defaultWallet } from '../../trust/default-paths.ts';
import { loadTrust } from '../../trust/load-trust.ts';
import { present, presentQr } from '../../wallet/show.ts';
import { type HeldCredential, readWallet, writeWallet } from '../../wallet/wallet-file.ts';
import { type FormatName, formatOption } from './format-option.ts';

interface Options {
  readonly scheme: string;
  readonly for?: string;
  readonly format: FormatName;
  readonly as: 'qr' | 'qr-text' | 'text';
  readonly png?: string;
  readonly disclose: readonly string[];
  readonly trust: string;
  readonly wallet: string;
}

/** `symbolon holder show` */
export function showCommand(holder: Command): void {
  holder
    .command('show')
    .summary('show a credential as a QR code or as text')
    .description('Makes a fresh presentation. It is accepted for a minute: show it at once.')
    .option('--scheme <name>', 'the scheme', 'health')
    .option('--for <subject>', 'one that a guardian got for this dependant', subjectOption)
    .addOption(formatOption())
    .addOption(new Option('--as <form>', 'what to print').choices(['qr', 'qr-text', 'text']).default('qr'))
    .option('--png <file>', 'write the QR code as a PNG image')
    .option('--disclose <names...>', 'details to disclose: reason, evidence', [])
    .option('--trust <path>', 'the trust folder (it has the dictionary of the QR code)', defaultTrustFolder())
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .addHelpText(
      'after',
      '\nExamples:\n  symbolon holder show --png shown.png\n  symbolon holder show --as qr-text | symbolon verify -',
    )
    .action(async (options: Options) => {
      const now = systemNow();
      const held = await choose(options);
      const show = { disclose: options.disclose, now };
      if (options.as === 'text') {
        const text = await present(held, show);
        await markUsed(options.wallet, held);
        return print(text);
      }
      const trust = await loadTrust({ trust: options.trust, now, warn: note });
      const text = await presentQr(held, trust.registry.dictionary, show);
      if (options.png !== undefined) await writeFile(options.png, qrPng(text));
      // Before anyone sees it, and only when there is something to see.
      await markUsed(options.wallet, held);
      if (options.png === undefined) return print(options.as === 'qr' ? qrTerminal(text) : text);
      note(
        `QR version ${qrVersion(text)}, ${text.length} characters, in ${options.png}. It is accepted for a minute.`,
      );
    });
}

/** The newest credential that was not shown yet; when all were, the newest: two shows of it can be linked. */
async function choose({ wallet: path, scheme, format, for: dependant }: Options): Promise<HeldCredential> {
  const wallet = await readWallet(path);
  const fitting = wallet.credentials.filter(
    (each) => each.scheme === scheme && each.format === format && each.dependant === dependant,
  );
  const held = fitting.findLast(({ used }) => !used) ?? fitting.at(-1);
  if (held === undefined) throw new SymbolonError('credential-missing');
  if (held.used)
    note(
      'Every credential of this batch was shown before: get a new batch, or verifiers can link the showings.',
    );
  return held;
}

async function markUsed(path: string, { credential }: HeldCredential): Promise<void> {
  const wallet = await readWallet(path);
  const credentials = wallet.credentials.map((each) =>
    each.credential === credential ? { ...each, used: true } : each,
  );
  await writeWallet(path, { ...wallet, credentials });
}

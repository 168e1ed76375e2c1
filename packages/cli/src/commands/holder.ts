import { writeFile } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { type Command, Option } from 'commander';
import { systemNow } from '../clock.ts';
import { note, print, printJson } from '../output/terminal.ts';
import { qrPng, qrTerminal, qrVersion } from '../qr/write-image.ts';
import { defaultTrustFolder, defaultWallet } from '../trust/default-paths.ts';
import { loadTrust } from '../trust/load-trust.ts';
import { requestBatch } from '../wallet/request-batch.ts';
import { present, presentQr } from '../wallet/show.ts';
import { type HeldCredential, readWallet, writeWallet } from '../wallet/wallet-file.ts';
import { count } from './arguments.ts';

const FORMATS = ['dc+sd-jwt', 'ldp_vc'] as const;

/** `symbolon holder request|show`: a test wallet. */
export function holderCommand(program: Command): void {
  const holder = program.command('holder').summary('a test wallet: get credentials and show them');

  holder
    .command('request')
    .argument('<region>', 'the region that enrolled you, such as CN-BJ')
    .summary('get a batch of credentials from a region')
    .description(
      'Gets a batch of credentials, each for a new key. The region is looked up in the trust folder, never by a link.',
    )
    .option('--code <code>', 'the enrolment code (better: the environment variable SYMBOLON_CODE)')
    .option('--scheme <name>', 'the scheme', 'health')
    .addOption(new Option('--format <format>', 'the securing').choices(FORMATS).default('dc+sd-jwt'))
    .option('--count <n>', 'how many', count(LIMITS.batchCredentials), 4)
    .option('--trust <path>', 'the trust folder', defaultTrustFolder())
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  SYMBOLON_CODE=... symbolon holder request CN-BJ --scheme health')
    .action(async (region: string, options: RequestOptions) => {
      const now = systemNow();
      const trust = await loadTrust({ trust: options.trust, now, warn: note });
      const issuer = own(trust.registry.regions, region)?.region;
      if (issuer === undefined) throw new SymbolonError('issuer-unknown');
      const { scheme, format, count } = options;
      const code = options.code ?? process.env['SYMBOLON_CODE'];
      if (code === undefined) throw new SymbolonError('unauthenticated');
      const batch = await requestBatch({
        endpoint: issuer.endpoints.issuer,
        issuer: issuer.issuer,
        code,
        scheme,
        format,
        count,
        now,
      });
      const wallet = await readWallet(options.wallet);
      const held = batch.map((each) => ({ ...each, scheme, format, receivedAt: now, used: false }));
      await writeWallet(options.wallet, { ...wallet, credentials: [...wallet.credentials, ...held] });
      if (options.json) printJson({ received: held.length, scheme, format });
      else print(`${held.length} ${scheme} credentials (${format}) from ${region} are in ${options.wallet}.`);
    });

  holder
    .command('show')
    .summary('show a credential as a QR code or as text')
    .description('Makes a fresh presentation. It is accepted for a minute: show it at once.')
    .option('--scheme <name>', 'the scheme', 'health')
    .addOption(new Option('--format <format>', 'the securing').choices(FORMATS).default('dc+sd-jwt'))
    .addOption(new Option('--as <form>', 'what to print').choices(['qr', 'qr-text', 'text']).default('qr'))
    .option('--png <file>', 'write the QR code as a PNG image')
    .option('--disclose <names...>', 'details to disclose: reason, evidence', [])
    .option('--trust <path>', 'the trust folder (it has the dictionary of the QR code)', defaultTrustFolder())
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .addHelpText(
      'after',
      '\nExamples:\n  symbolon holder show --png shown.png\n  symbolon holder show --as qr-text | symbolon verify -',
    )
    .action(async (options: ShowCommandOptions) => {
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

interface RequestOptions {
  readonly code?: string;
  readonly scheme: string;
  readonly format: (typeof FORMATS)[number];
  readonly count: number;
  readonly trust: string;
  readonly wallet: string;
  readonly json?: boolean;
}

interface ShowCommandOptions {
  readonly scheme: string;
  readonly format: (typeof FORMATS)[number];
  readonly as: 'qr' | 'qr-text' | 'text';
  readonly png?: string;
  readonly disclose: readonly string[];
  readonly trust: string;
  readonly wallet: string;
}

/** The newest credential that was not shown yet; when all were, the newest: two shows of it can be linked. */
async function choose({ wallet: path, scheme, format }: ShowCommandOptions): Promise<HeldCredential> {
  const wallet = await readWallet(path);
  const fitting = wallet.credentials.filter((each) => each.scheme === scheme && each.format === format);
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

import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Trust } from '@symbolon/verifier/trust';
import { openVenueCode, type VenueCode } from '@symbolon/verifier/venue';
import { type Command, Option } from 'commander';
import { systemNow } from '../../clock.ts';
import { subjectOption } from '../../issuer/option-values.ts';
import { note, print } from '../../output/terminal.ts';
import { qrTerminal } from '../../qr/write-image.ts';
import { writePngs } from '../../qr/write-pngs.ts';
import { ToldError } from '../../told-error.ts';
import { defaultTrustFolder, defaultWallet } from '../../trust/default-paths.ts';
import { loadTrust } from '../../trust/load-trust.ts';
import { venueInput } from '../../venue/venue-input.ts';
import { venueLines } from '../../venue/venue-text.ts';
import { chooseTogether, expiredSchemes } from '../../wallet/choose.ts';
import { presentTogether, presentTogetherAsQr } from '../../wallet/show.ts';
import { type HeldCredential, readWallet, writeWallet } from '../../wallet/wallet-file.ts';
import { type FormatName, formatOption } from './format-option.ts';
import { readDated } from './read-dated.ts';

const EXPIRED =
  'What the wallet holds of this has expired: get a new batch with "symbolon holder request", for each scheme that you show.';

interface Options {
  readonly scheme?: readonly string[];
  readonly venue?: string;
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
    .summary('show one or several credentials as QR codes or as text')
    .description(
      'Makes a fresh presentation. It is accepted for a minute: show it at once. Several schemes are shown with credentials of one key, each as a code or a line of its own.',
    )
    .option('--scheme <names...>', 'the scheme, or several (health, or what the venue asks for)')
    .option(
      '--venue <code>',
      'answer the code of a venue: its QR image, a text file, or the code itself. It is checked, and you are told who asks for what',
    )
    .option('--for <subject>', 'one that a guardian got for this dependant', subjectOption)
    .addOption(formatOption())
    .addOption(new Option('--as <form>', 'what to print').choices(['qr', 'qr-text', 'text']).default('qr'))
    .option('--png <file>', 'write the QR code as a PNG image; of several: FILE-1.png, FILE-2.png')
    .option('--disclose <names...>', 'details to disclose: reason, evidence', [])
    .option('--trust <path>', 'the trust folder (it has the dictionary of the QR code)', defaultTrustFolder())
    .option('--wallet <file>', 'the wallet file', defaultWallet())
    .addHelpText(
      'after',
      `
Examples:
  symbolon holder show --png shown.png
  symbolon holder show --as qr-text | symbolon verify -
  symbolon holder show --scheme health test --as qr-text
  symbolon holder show --venue poster.png --png shown.png`,
    )
    .action(show);
}

async function show(options: Options): Promise<void> {
  const now = systemNow();
  let opened: Promise<Trust> | undefined;
  const trust = () => (opened ??= loadTrust({ trust: options.trust, now, warn: note }));
  const venue = options.venue === undefined ? undefined : await asked(options.venue, await trust(), now);
  const held = await choose(options, venue, now);
  const order = { disclose: options.disclose, now, ...(venue === undefined ? {} : { venue }) };
  const isText = options.as === 'text';
  const texts = isText
    ? await presentTogether(held, order)
    : await presentTogetherAsQr(held, (await trust()).registry.dictionary, order);
  const images = options.png === undefined || isText ? [] : await writePngs(options.png, texts);
  // Before anyone sees it, and only when there is something to see.
  await markUsed(options.wallet, held);
  for (const image of images) note(`${image} It is accepted for a minute.`);
  if (images.length > 0) return;
  for (const text of texts) print(options.as === 'qr' ? qrTerminal(text) : text);
}

/** REQ-VEN-002: whoever asks is known, and told, before anything is shown. */
async function asked(given: string, trust: Trust, now: Instant): Promise<VenueCode> {
  const code = await openVenueCode(await venueInput(given), trust, now);
  for (const line of venueLines(code, trust)) note(line);
  return code;
}

/** What was said, or else what the venue asks for as far as the wallet has it; of either what is valid now. */
async function choose(
  { wallet: path, scheme, format, for: dependant }: Options,
  venue: VenueCode | undefined,
  now: Instant,
): Promise<readonly HeldCredential[]> {
  const schemes = [...new Set(scheme ?? venue?.schemes ?? ['health'])];
  if (venue !== undefined && schemes.some((each) => !venue.schemes.includes(each)))
    throw new SymbolonError('scheme-not-asked');
  const wanted = { schemes, format, dependant, now };
  const wallet = await readDated(path);
  const chosen = chooseTogether(wallet, wanted);
  const expired = expiredSchemes(wallet, wanted);
  const mayLack = scheme === undefined && venue !== undefined;
  // REQ-ISS-022: nothing is shown in the place of what there is not, or not any more.
  if (chosen === undefined || (chosen.held.length < schemes.length && !mayLack))
    throw expired.length === 0 ? new SymbolonError('credential-missing') : new ToldError('expired', EXPIRED);
  if (venue !== undefined) note(`You show: ${chosen.held.map((each) => each.scheme).join(', ')}.`);
  if (expired.length > 0)
    note(
      `Not shown, as it has expired: ${expired.join(', ')}. Get a new batch with "symbolon holder request".`,
    );
  if (!chosen.isFresh)
    note(
      'Every credential of this batch was shown before: get a new batch, or verifiers can link the showings.',
    );
  return chosen.held;
}

async function markUsed(path: string, shown: readonly HeldCredential[]): Promise<void> {
  const wallet = await readWallet(path);
  const credentials = wallet.credentials.map((each) =>
    shown.some(({ credential }) => credential === each.credential) ? { ...each, used: true } : each,
  );
  await writeWallet(path, { ...wallet, credentials });
}

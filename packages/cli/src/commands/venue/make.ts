import { isName } from '@symbolon/protocol/ids';
import { LIMITS } from '@symbolon/protocol/limits';
import { systemRandom } from '@symbolon/protocol/random';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemNow } from '../../clock.ts';
import { passphrases } from '../../custody/passphrase.ts';
import { signerAt } from '../../custody/signer-at.ts';
import { givenBy } from '../../files/file-fault.ts';
import { MODE, replaceFile } from '../../files/write-file.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { readPolicyFile } from '../../policy-option.ts';
import { qrSvg } from '../../qr/svg-image.ts';
import { qrPng, qrTerminal, qrVersion } from '../../qr/write-image.ts';
import { defaultTrustFolder } from '../../trust/default-paths.ts';
import { loadTrust } from '../../trust/load-trust.ts';
import { UsageError } from '../../usage-error.ts';
import { checkVenuePolicy, type SignedVenueCode, signVenueCode } from '../../venue/sign-venue-code.ts';
import { venueJson, venueLines } from '../../venue/venue-text.ts';
import { count } from '../arguments.ts';
import { regionArgument } from '../region-argument.ts';

interface Options {
  readonly region: string;
  readonly venue: string;
  readonly policy: string;
  readonly key: string;
  readonly hours: number;
  readonly titleEn?: string;
  readonly titleZh?: string;
  readonly as: 'qr' | 'qr-text' | 'text';
  readonly png?: string;
  readonly svg?: string;
  readonly passphraseFile?: string;
  readonly trust: string;
  readonly json?: boolean;
}

/** `symbolon venue make` */
export function venueMakeCommand(parent: Command): void {
  parent
    .command('make')
    .summary('make the code that a venue shows, signed by its region')
    .description(
      'Makes the code that a venue shows: who asks for which statuses, for what purpose, and by which policy, signed with a key that the region has ' +
        'published for venues. It is opened again before it is given out, as a wallet will: what a wallet would refuse is not made.',
    )
    .requiredOption('--region <id>', 'the region that signs, such as CN-GD', regionArgument)
    .requiredOption('--venue <name>', "the venue's id within the region, such as central-station", venueName)
    .requiredOption(
      '--policy <file>',
      'the acceptance policy of the place (JSON), by the rules of that region',
    )
    .requiredOption('--key <key>', "the region's venue key: NAME.jwe or awskms:///KEY")
    .option('--passphrase-file <file>', 'where no terminal is: a file that only you can read')
    .option('--hours <n>', 'how long it holds, from this hour on', count(LIMITS.venueCodeHours), 168)
    .option('--title-en <words>', 'what the venue is called, in English')
    .option('--title-zh <words>', 'and in Chinese: both or neither')
    .addOption(new Option('--as <form>', 'what to print').choices(['qr', 'qr-text', 'text']).default('qr'))
    .option('--png <file>', 'write the QR code as a PNG image')
    .option('--svg <file>', 'write the QR code as an SVG image, for print')
    .option('--trust <path>', 'the trust folder', defaultTrustFolder())
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      '\nWhatever the policy says in "requireNonce", what is shown at a venue must answer its code.\n\nExample:\n  symbolon venue make --region CN-GD --venue central-station --policy gate.json --key CN-GD.venue.jwe --png poster.png',
    )
    .action(make);
}

async function make(options: Options): Promise<void> {
  const { region, venue, hours } = options;
  const now = systemNow();
  const title = titleOf(options);
  const policy = await readPolicyFile(options.policy);
  const order = { region, venue, policy, hours, ...(title === undefined ? {} : { title }) };
  checkVenuePolicy(order);
  const trust = await loadTrust({ trust: options.trust, now, warn: note });
  const signer = await signerAt(options.key, passphrases(options.passphraseFile));
  const made = await signVenueCode(order, signer, trust, now, systemRandom);
  const { png, svg } = options;
  if (png !== undefined) await givenBy('--png', () => replaceFile(png, qrPng(made.text), MODE.open));
  if (svg !== undefined) await givenBy('--svg', () => replaceFile(svg, `${qrSvg(made.text)}\n`, MODE.open));
  if (options.json) return printJson({ ...venueJson(made.code), text: made.text, token: made.token });
  for (const line of venueLines(made.code, trust)) note(line);
  const images = [png, svg].filter((each) => each !== undefined);
  if (images.length === 0) return print(printed(made, options.as));
  note(`QR version ${qrVersion(made.text)}, ${made.text.length} characters, in ${images.join(' and ')}.`);
}

function printed({ text, token }: SignedVenueCode, form: Options['as']): string {
  if (form === 'qr') return qrTerminal(text);
  return form === 'text' ? token : text;
}

function titleOf({ titleEn: en, titleZh: zh }: Options): { en: string; zh: string } | undefined {
  if (en === undefined && zh === undefined) return undefined;
  if (en === undefined || zh === undefined)
    throw new UsageError('Give the title in both languages, --title-en and --title-zh, or in neither.');
  return { en, zh };
}

function venueName(value: string): string {
  if (!isName(value))
    throw new InvalidArgumentError('It is a name in lower case with hyphens, such as central-station.');
  return value;
}

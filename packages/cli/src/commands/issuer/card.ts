import { access } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant } from '@symbolon/protocol/instant';
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import { givenBy } from '../../files/file-fault.ts';
import { createFile, MODE } from '../../files/write-file.ts';
import { cardContent } from '../../issuer/card/card-content.ts';
import { cardPage } from '../../issuer/card/card-page.ts';
import { PAPERS, type Paper } from '../../issuer/card/card-style.ts';
import { isTimeZone } from '../../issuer/card/card-time.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { schemeOption, subjectOption } from '../../issuer/option-values.ts';
import { shellWord } from '../../output/shell-word.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { qrVersion } from '../../qr/write-image.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({
  format: z.literal('dc+sd-jwt'),
  credential: z.string(),
  receipt: z.optional(z.string()),
});

interface Options extends IssuerOptions {
  readonly subject: string;
  readonly scheme: string;
  readonly initials?: string;
  readonly out: string;
  readonly receipt?: string;
  readonly paper: Paper;
  readonly timeZone: string;
}

/** `symbolon issuer card` */
export function cardCommand(parent: Command): void {
  addIssuerOptions(parent.command('card'))
    .argument('<region>', 'the region', regionArgument)
    .summary('print a card for someone without a phone, or a label for a thing')
    .description(
      'Has the issuer mint a card and writes it as a page to print: the level in words, until when it is valid, a QR code, and a place for the portrait or, of a thing, its public name. Whoever has it can show it, ' +
        "so it takes a scheme that allows that. Printing one leaves an entry in the person's record. Role: enrol.",
    )
    .requiredOption('--subject <subject>', 'whose card', subjectOption)
    .requiredOption('--scheme <name>', 'the scheme', schemeOption)
    .option(
      '--initials <letters>',
      'of a person: 1 to 4 letters, with full stops and hyphens at most 8 characters; a gate compares them; a thing has none',
      initialsOption,
    )
    .requiredOption('--out <file>', 'where to write the page: card.html')
    .option(
      '--receipt <file>',
      'where to write the receipt of the decision, for the person to keep: card.tlog-proof',
    )
    .addOption(new Option('--paper <size>', 'the sheet').choices(Object.keys(PAPERS)).default('a6'))
    .option(
      '--time-zone <name>',
      'in which times are printed: Asia/Shanghai',
      timeZoneOption,
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    )
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer card CN-BJ --subject QeLckoKnU43Cc5OJMjNAqw --scheme health --initials WZ --out card.html',
    )
    .action(async (regionId: string, options: Options) => {
      const { subject, scheme, initials, out, paper, timeZone } = options;
      await refuseToOverwrite(out, '--out');
      if (options.receipt !== undefined) await refuseToOverwrite(options.receipt, '--receipt');
      const desk = await openDesk(regionId, options);
      const asked = { scheme, ...(initials !== undefined && { initials }) };
      const { credential, receipt } = await desk.post(Answer, '/cards', { subject, ...asked }, 'enrol');
      const card = cardContent(credential, desk, asked);
      // It names a person: for whoever prints it only.
      await givenBy('--out', () => createFile(out, cardPage(card, { paper, timeZone }), MODE.secret));
      const validUntil = formatInstant(card.validUntil);
      const keep = () => keepReceipt(options.receipt, receipt);
      // It is minted, so where it is is told even if its receipt cannot be kept.
      if (options.json) {
        const told = { file: out, validUntil, qrVersion: qrVersion(card.qr) };
        const kept = await keep().catch((error: unknown) => {
          printJson({ ...told, receipt: null });
          throw error;
        });
        return printJson({ ...told, receipt: kept ?? null });
      }
      const isLabel = card.asset !== undefined;
      print(`The ${isLabel ? 'label' : 'card'} is in ${shellWord(out)}, valid until ${validUntil}.`);
      note(
        isLabel
          ? 'Print it in its own size, fix it to the thing whose name it bears, and print a new one before it ends.'
          : 'Print it in its own size, put the portrait in its place, and delete the file.',
      );
      const proof = await keep();
      if (proof !== undefined)
        note(
          `The receipt is in ${shellWord(proof)}: it proves to whoever has it what was decided, and by whom. "symbolon audit --receipt" checks it.`,
        );
    });
}

/** @returns where it is, if it was asked for and there is one. @throws SymbolonError `receipt-missing` when there is none */
async function keepReceipt(
  path: string | undefined,
  receipt: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  if (receipt === undefined) throw new SymbolonError('receipt-missing');
  await givenBy('--receipt', () => createFile(path, receipt, MODE.secret));
  return path;
}

/** Before one is minted for nothing. */
async function refuseToOverwrite(path: string, option: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new SymbolonError('object-exists', { path: option });
}

function initialsOption(value: string): string {
  if (value.length < 1 || value.length > 8)
    throw new InvalidArgumentError('They are 1 to 4 letters, 8 characters at most.');
  return value;
}

function timeZoneOption(value: string): string {
  if (!isTimeZone(value)) throw new InvalidArgumentError('It is a name such as Asia/Shanghai or UTC.');
  return value;
}

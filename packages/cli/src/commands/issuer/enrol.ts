import { parseStrictJson } from '@symbolon/protocol/strict-json';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { watchInterrupts } from '../../dev/interrupts.ts';
import { Interrupted } from '../../interrupted.ts';
import { enrolLines } from '../../issuer/enrol/enrol-lines.ts';
import { IDENTIFIER_KINDS, type Identifiers, readIdentifiers } from '../../issuer/enrol/identifier-line.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { readText } from '../../issuer/read-text.ts';
import { howMany } from '../../output/how-many.ts';
import { shellWord } from '../../output/shell-word.ts';
import { note, plain, print, printJson, rateLine } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { regionArgument } from '../region-argument.ts';

/** A thing has no wallet, and so no code. */
const Answer = z.object({
  subject: z.string(),
  code: z.optional(z.string()),
  expiresAt: z.optional(z.string()),
});
/** Of a person there is always a code. */
const PersonAnswer = z.object({ subject: z.string(), code: z.string(), expiresAt: z.string() });

interface Options extends IssuerOptions {
  readonly identifiers?: string;
  readonly asset?: string;
  readonly lines?: boolean;
  readonly out?: string;
}

/** `symbolon issuer enrol` */
export function enrolCommand(parent: Command): void {
  addIssuerOptions(parent.command('enrol'))
    .argument('<region>', 'the region', regionArgument)
    .summary('enrol a person, and get a code for the wallet; or a thing')
    .description(
      'Enrols whoever has these identifiers, or finds them again: several identifiers lead to one person. They come in a file or from standard input, as an ' +
        'argument could be seen by others on this machine. Only a keyed hash of each is stored. Role: enrol.',
    )
    .option(
      '--identifiers <file>',
      'JSON: [{"kind": "identity-card", "value": "..."}], or - for standard input',
    )
    .option(
      '--asset <iri>',
      'the public name of a thing (a road section, say) in place of a person; it has no wallet, so no code',
    )
    .option(
      '--lines',
      'many people: the file of --identifiers is JSON Lines, one such array a line; what comes of it goes to --out',
    )
    .option(
      '--out <file>',
      'with --lines: where subjects and codes go, as JSON Lines that only you can read; lines of the input that it has are passed over',
    )
    .addHelpText(
      'after',
      `
Kinds of identifiers: ${IDENTIFIER_KINDS.join(', ')}. The same document under another kind would be another person.

The code is the wallet's: whoever has it gets the person's credentials. Hand it over, and do not keep it:
  SYMBOLON_CODE=... symbolon holder request CN-BJ

Example:
  symbolon issuer enrol CN-BJ --identifiers - --key wang.jwe < card.json
  symbolon issuer enrol CN-BJ --identifiers people.jsonl --lines --out codes.jsonl --key wang.jwe

With --lines all of the file is read first, and nobody is enrolled of one that is wrong somewhere. Run the same command again when it breaks off; add new people at the end.`,
    )
    .action(async (region: string, options: Options) => {
      if ((options.identifiers === undefined) === (options.asset === undefined))
        throw new UsageError('Give --identifiers for a person, or --asset for a thing.');
      if ((options.lines === true) !== (options.out !== undefined))
        throw new UsageError('--lines and --out belong together.');
      const { identifiers, asset, out } = options;
      if (out !== undefined) return enrolMany(region, out, options);
      const given = identifiers === undefined ? undefined : await identifiersIn(identifiers);
      const desk = await openDesk(region, options);
      const enrolled =
        given === undefined
          ? await desk.post(Answer, '/assets', { asset }, 'enrol')
          : await desk.post(Answer, '/subjects', { identifiers: given }, 'enrol');
      if (options.json) return printJson(enrolled);
      print(plain(`Subject ${enrolled.subject}`));
      const { code, expiresAt } = enrolled;
      if (code !== undefined) print(plain(`Code for the wallet, until ${expiresAt}: ${code}`));
    });
}

async function identifiersIn(source: string): Promise<Identifiers> {
  return readIdentifiers(parseStrictJson(await readText(source, '--identifiers')));
}

async function enrolMany(region: string, out: string, options: Options): Promise<void> {
  const { identifiers } = options;
  if (identifiers === undefined || identifiers === '-')
    throw new UsageError('--lines takes a file of --identifiers, which is read twice: no standard input.');
  const desk = await openDesk(region, options);
  const { isInterrupted } = watchInterrupts();
  const progress = rateLine('People:');
  const result = await enrolLines({
    path: identifiers,
    out,
    enrol: (given) => desk.post(PersonAnswer, '/subjects', { identifiers: given }, 'enrol'),
    isInterrupted,
    onPerson: progress.update,
  })
    .catch((error: unknown) => {
      if (error instanceof Interrupted) note('Interrupted. The same command goes on where it was.');
      throw error;
    })
    .finally(progress.done);
  if (options.json) return printJson({ ...result, file: out });
  const before = result.skipped === 0 ? '' : `, ${result.skipped} there before`;
  print(
    `${howMany(result.enrolled, 'person', 'people')} enrolled${before}: subjects and codes are in ${shellWord(out)}.`,
  );
  note('Each code is one wallet: hand it over to its person, and delete the file.');
}

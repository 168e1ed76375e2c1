import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { readText } from '../../issuer/read-text.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { regionArgument } from '../region-argument.ts';

/** A thing has no wallet, and so no code. */
const Answer = z.object({
  subject: z.string(),
  code: z.optional(z.string()),
  expiresAt: z.optional(z.string()),
});
const Identifiers = z.array(z.strictObject({ kind: z.string(), value: z.string() }));

interface Options extends IssuerOptions {
  readonly identifiers?: string;
  readonly asset?: string;
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
    .addHelpText(
      'after',
      `
The code is the wallet's: whoever has it gets the person's credentials. Hand it over, and do not keep it:
  SYMBOLON_CODE=... symbolon holder request CN-BJ

Example:
  symbolon issuer enrol CN-BJ --identifiers - --key wang.jwe < card.json`,
    )
    .action(async (region: string, options: Options) => {
      if ((options.identifiers === undefined) === (options.asset === undefined))
        throw new UsageError('Give --identifiers for a person, or --asset for a thing.');
      const { identifiers, asset } = options;
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

async function identifiersIn(source: string): Promise<z.output<typeof Identifiers>> {
  return check(Identifiers, parseStrictJson(await readText(source, '--identifiers')), 'request-malformed');
}

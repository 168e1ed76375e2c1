import type { Command } from 'commander';
import * as z from 'zod/mini';
import { factLine, ShownFact } from '../../issuer/fact-line.ts';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { reasonOption, schemeOption, subjectOption } from '../../issuer/option-values.ts';
import { note, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({ facts: z.array(ShownFact) });

interface Options extends IssuerOptions {
  readonly scheme: string;
  readonly reason: string;
}

/** `symbolon issuer facts` */
export function factsCommand(parent: Command): void {
  addIssuerOptions(parent.command('facts'))
    .argument('<region>', 'the region', regionArgument)
    .argument('<subject>', 'whose facts', subjectOption)
    .summary('read what is known of a person, which leaves an entry')
    .description(
      "Shows the facts that are kept about a person, with their sources. Every reading leaves an entry in the person's record, with your key, your office, the time and your reason, and the " +
        'person can read it. Role: audit.',
    )
    .requiredOption('--scheme <name>', 'the scheme', schemeOption)
    .requiredOption('--reason <words>', 'why you read them; the person reads it', reasonOption)
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer facts CN-BJ QeLckoKnU43Cc5OJMjNAqw --scheme health --reason "asked at the desk why the code is red"',
    )
    .action(async (region: string, subject: string, options: Options) => {
      const { scheme, reason } = options;
      const desk = await openDesk(region, options);
      const { facts } = await desk.post(Answer, '/facts/read', { subject, scheme, reason }, 'audit');
      if (options.json) return printJson({ facts });
      if (facts.length === 0) print('Nothing is known.');
      for (const fact of facts) print(factLine(fact));
      note("This reading is in the person's record.");
    });
}

import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { digestOption, reasonOption, schemeOption, subjectOption } from '../../issuer/option-values.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { count } from '../arguments.ts';
import { regionArgument } from '../region-argument.ts';

const MOST_DECISIONS = 1_000_000;
const Answer = z.object({ level: z.nullable(z.string()), rule: z.nullable(z.string()) });

interface Options extends IssuerOptions {
  readonly subject: string;
  readonly scheme: string;
  readonly sequence?: number;
  readonly proposal?: string;
  readonly reason: string;
}

/** `symbolon issuer withdraw` */
export function withdrawCommand(parent: Command): void {
  addIssuerOptions(parent.command('withdraw'))
    .argument('<region>', 'the region', regionArgument)
    .summary('end a decision by hand before its time, or take back a proposal')
    .description(
      'Signs that a decision by hand ends now, or that a proposal which is not decided yet is taken back, and sends that: the rules decide then, by the facts. ' +
        'It is in favour of the person, so one operator is enough. Run it ' +
        'again when it breaks off. Role: propose or approve, of the office that decided.',
    )
    .requiredOption('--subject <subject>', 'of whom', subjectOption)
    .requiredOption('--scheme <name>', 'the scheme', schemeOption)
    .addOption(
      new Option('--sequence <n>', "the decision's number, as the person's record has it")
        .argParser(count(MOST_DECISIONS))
        .conflicts('proposal'),
    )
    .option('--proposal <id>', 'instead of a number: the proposal, as "propose" gave it', digestOption)
    .requiredOption('--reason <words>', 'why; it is signed and kept', reasonOption)
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer withdraw CN-BJ --subject QeLckoKnU43Cc5OJMjNAqw --scheme health --sequence 3 --reason "the seating plan was of another day"',
    )
    .action(async (region: string, options: Options) => {
      const { subject, scheme, sequence, proposal, reason } = options;
      if (sequence === undefined && proposal === undefined)
        throw new UsageError('Name the decision: --sequence, or --proposal where it is not decided yet.');
      const desk = await openDesk(region, options);
      const { authority } = desk;
      const which = proposal === undefined ? { sequence } : { proposal };
      const claims = { authority, subject, scheme, ...which, reason };
      const withdrawal = await desk.sign('withdrawal', claims);
      const role = desk.roles.includes('propose') ? 'propose' : 'approve';
      const { level, rule } = await desk.post(Answer, '/decisions/withdraw', { withdrawal }, role);
      if (options.json) return printJson({ level, rule });
      print(plain(level === null ? 'No rule applies now.' : `${scheme} is ${level} now, by rule ${rule}.`));
    });
}

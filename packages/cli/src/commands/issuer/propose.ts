import { randomUUID } from 'node:crypto';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { isReason, ruleOption, schemeOption, subjectOption } from '../../issuer/option-values.ts';
import { readText } from '../../issuer/read-text.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { instantOption } from '../arguments.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({ id: z.string(), lapsesAt: z.string() });

interface Options extends IssuerOptions {
  readonly subject: string;
  readonly scheme: string;
  readonly rule: string;
  readonly until: Instant;
  readonly statement: string;
}

/** `symbolon issuer propose` */
export function proposeCommand(parent: Command): void {
  addIssuerOptions(parent.command('propose'))
    .argument('<region>', 'the region', regionArgument)
    .summary('propose an adverse decision by hand')
    .description(
      'Signs a proposal that a person shall have the level of a published rule, and sends it. It is a decision once a second operator, with the role approve, has ' +
        'signed it too. Favourable levels follow from the facts and are not decided by hand. Role: propose.',
    )
    .requiredOption('--subject <subject>', 'of whom', subjectOption)
    .requiredOption('--scheme <name>', 'the scheme', schemeOption)
    .requiredOption('--rule <rule>', 'the rule in force that it rests on: close-contact-7d@1', ruleOption)
    .requiredOption(
      '--until <instant>',
      `until when it stands (YYYY-MM-DDTHH:MM:SSZ), at most ${LIMITS.manualDecisionHours} hours from now`,
      instantOption,
    )
    .requiredOption('--statement <file>', 'what is the case, in words: a text file, or - for standard input')
    .addHelpText(
      'after',
      `
The statement is about a person, so it is no argument, which others on this machine could see.

Example:
  symbolon issuer propose CN-BJ --subject QeLckoKnU43Cc5OJMjNAqw --scheme health --rule close-contact-7d@1 \\
    --until 2026-09-14T08:00:00Z --statement interview.txt`,
    )
    .action(async (region: string, options: Options) => {
      const { subject, scheme, rule, until } = options;
      const statement = (await readText(options.statement, '--statement')).trim();
      if (!isReason(statement))
        throw new UsageError(`The statement has 3 to ${LIMITS.reasonChars} characters.`);
      const desk = await openDesk(region, options);
      const { authority } = desk;
      const claims = { jti: randomUUID(), authority, subject, scheme, rule, until, statement };
      const proposal = await desk.sign('proposal', claims);
      const { id, lapsesAt } = await desk.post(Answer, '/proposals', { proposal }, 'propose');
      if (options.json) return printJson({ id, lapsesAt });
      print(plain(`Proposal ${id}`));
      print(plain(`It waits for a second operator until ${lapsesAt}.`));
    });
}

import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { reasonOption, subjectOption } from '../../issuer/option-values.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { instantOption } from '../arguments.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({ dependant: z.string(), until: z.nullable(z.string()) });

interface Options extends IssuerOptions {
  readonly dependant: string;
  readonly guardian: string;
  readonly until?: Instant;
  readonly end?: boolean;
  readonly reason: string;
}

/** `symbolon issuer guardian` */
export function guardianCommand(parent: Command): void {
  addIssuerOptions(parent.command('guardian'))
    .argument('<region>', 'the region', regionArgument)
    .summary("let one person's wallet ask for another's credentials")
    .description(
      'A child, or an elder without a phone: until a time, the wallet of the guardian may ask for the credentials of the dependant. Role: enrol.',
    )
    .requiredOption('--dependant <subject>', 'whose credentials', subjectOption)
    .requiredOption('--guardian <subject>', 'who may ask for them', subjectOption)
    .option('--until <instant>', 'until when (YYYY-MM-DDTHH:MM:SSZ)', instantOption)
    .option('--end', 'end it now')
    .requiredOption('--reason <words>', 'why; the dependant reads it', reasonOption)
    .addHelpText(
      'after',
      `
The guardian's wallet then asks with its own code:
  SYMBOLON_CODE=... symbolon holder request CN-BJ --for 6Vw0Yxq1v0c9k1m3y2b7dA

Example:
  symbolon issuer guardian CN-BJ --dependant 6Vw0Yxq1v0c9k1m3y2b7dA --guardian QeLckoKnU43Cc5OJMjNAqw \\
    --until 2027-09-01T00:00:00Z --reason "mother, birth certificate shown"`,
    )
    .action(async (region: string, options: Options) => {
      const { dependant, guardian, until, end = false, reason } = options;
      if ((until === undefined) !== end)
        throw new UsageError('Say until when with --until, or end it with --end.');
      const desk = await openDesk(region, options);
      const body = {
        dependant,
        guardian,
        until: until === undefined ? null : formatInstant(until),
        reason,
      };
      const answer = await desk.post(Answer, '/guardians', body, 'enrol');
      if (options.json) return printJson(answer);
      print(
        plain(
          answer.until === null
            ? 'That wallet may not ask for it any more.'
            : `That wallet may ask for it until ${answer.until}.`,
        ),
      );
    });
}

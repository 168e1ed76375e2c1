import type { Command } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { reasonOption, subjectOption } from '../../issuer/option-values.ts';
import { readText } from '../../issuer/read-text.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({ subject: z.string() });

interface Options extends IssuerOptions {
  readonly from: string;
  readonly into: string;
  readonly reason: string;
  readonly approval?: string;
}

/** `symbolon issuer merge` */
export function mergeCommand(parent: Command): void {
  addIssuerOptions(parent.command('merge'))
    .argument('<region>', 'the region', regionArgument)
    .summary('two subjects were found to be one person')
    .description(
      'Merges one subject into another, for good. The stricter status of the two holds until the rules have run on the facts of both. Codes and identifiers ' +
        'of the first lead to the second from then on. Where one of them has an adverse status that the other has not, a second operator signs it: see ' +
        '"approve-merge". Run it again when it breaks off. Role: enrol.',
    )
    .requiredOption('--from <subject>', 'the one that ends', subjectOption)
    .requiredOption('--into <subject>', 'the one that stays', subjectOption)
    .requiredOption('--reason <words>', 'why; the person reads it', reasonOption)
    .option('--approval <file>', 'what the second operator signed')
    .addHelpText(
      'after',
      '\nExample:\n  symbolon issuer merge CN-BJ --from QeLckoKnU43Cc5OJMjNAqw --into 6Vw0Yxq1v0c9k1m3y2b7dA --reason "passport and card shown at the desk"',
    )
    .action(async (region: string, options: Options) => {
      const { from, into, reason, approval: file } = options;
      const approval = file === undefined ? undefined : (await readText(file, '--approval')).trim();
      const desk = await openDesk(region, options);
      const body = { from, into, reason, ...(approval !== undefined && { approval }) };
      const { subject } = await desk.post(Answer, '/subjects/merge', body, 'enrol');
      if (options.json) return printJson({ subject });
      print(plain(`Both are subject ${subject} now.`));
    });
}

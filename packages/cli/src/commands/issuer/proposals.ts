import type { Command } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({
  open: z.array(
    z.object({
      id: z.string(),
      scheme: z.string(),
      rule: z.string(),
      authority: z.string(),
      proposedBy: z.string(),
      proposedAt: z.string(),
      lapsesAt: z.string(),
    }),
  ),
});

/** `symbolon issuer proposals` */
export function proposalsCommand(parent: Command): void {
  addIssuerOptions(parent.command('proposals'))
    .argument('<region>', 'the region', regionArgument)
    .summary('proposals that wait for a second operator')
    .description('Lists proposals without the person or the reasons: "review" shows those. Role: approve.')
    .addHelpText('after', '\nExample:\n  symbolon issuer proposals CN-BJ --key li.jwe')
    .action(async (region: string, options: IssuerOptions) => {
      const desk = await openDesk(region, options);
      const { open } = await desk.post(Answer, '/proposals/open', {}, 'approve');
      if (options.json) return printJson({ open });
      if (open.length === 0) return print('No proposal waits.');
      for (const { id, scheme, rule, authority, proposedBy, proposedAt, lapsesAt } of open) {
        print(plain(`${id}  ${scheme}, rule ${rule}`));
        print(plain(`  proposed ${proposedAt} by ${proposedBy} (${authority}); lapses ${lapsesAt}`));
      }
    });
}

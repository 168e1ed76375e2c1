import type { Command } from 'commander';
import * as z from 'zod/mini';
import { addIssuerOptions, type IssuerOptions } from '../../issuer/issuer-options.ts';
import { openDesk } from '../../issuer/open-desk.ts';
import { howMany } from '../../output/how-many.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({
  held: z.array(
    z.object({
      source: z.string(),
      id: z.string(),
      digest: z.string(),
      scheme: z.string(),
      facts: z.int(),
      adverse: z.int(),
      receivedAt: z.string(),
      submittedBy: z.object({ kid: z.string(), authority: z.string() }),
    }),
  ),
});

/** `symbolon issuer held` */
export function heldCommand(parent: Command): void {
  addIssuerOptions(parent.command('held'))
    .argument('<region>', 'the region', regionArgument)
    .summary('batches of facts that wait for a second operator')
    .description(
      'Lists the batches of facts that would turn more people adverse than the federation allows for one source in an hour. Look at them with the source, and ' +
        'let them in or refuse them with "admit". Role: approve.',
    )
    .addHelpText('after', '\nExample:\n  symbolon issuer held CN-BJ --key li.jwe')
    .action(async (region: string, options: IssuerOptions) => {
      const desk = await openDesk(region, options);
      const { held } = await desk.post(Answer, '/facts/held', {}, 'approve');
      if (options.json) return printJson({ held });
      if (held.length === 0) return print('No batch of facts waits.');
      for (const { source, id, digest, scheme, facts, adverse, receivedAt, submittedBy } of held) {
        print(
          plain(
            `${source}: ${howMany(facts, 'fact')} for ${scheme} would turn ${howMany(adverse, 'person', 'people')} adverse`,
          ),
        );
        print(plain(`  received ${receivedAt}, sent in by ${submittedBy.kid} (${submittedBy.authority})`));
        print(plain(`  --source ${source} --batch ${id} --digest ${digest}`));
      }
    });
}

import type { Command } from 'commander';
import * as z from 'zod/mini';
import { causeText } from '../../issuer/burst-text.ts';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { shellWord } from '../../output/shell-word.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({
  held: z.array(
    z.object({
      id: z.string(),
      scheme: z.string(),
      cause: z.string(),
      heldAt: z.string(),
      lapsesAt: z.string(),
    }),
  ),
});

/** `symbolon issuer bursts` */
export function burstsCommand(parent: Command): void {
  addRegionOptions(parent.command('bursts'))
    .argument('<region>', 'the region', regionArgument)
    .summary('what the burst guard holds')
    .description(
      'Lists the rules and offices that made more adverse decisions than the federation allows. What they decide now does not take effect until two overseers release ' +
        'it, and lapses otherwise. What an office is held for are all its adverse decisions in that scheme. Everyone may look: it names no person.',
    )
    .addHelpText('after', '\nExample:\n  symbolon issuer bursts CN-BJ')
    .action(async (region: string, options: RegionOptions) => {
      const { ask, view } = await openRegion(region, options);
      const { held } = await ask(Answer, '/bursts', {});
      if (options.json) return printJson({ held });
      if (held.length === 0) return print('The guard holds nothing.');
      for (const { id, scheme, cause, heldAt, lapsesAt } of held) {
        print(plain(`${scheme}, ${causeText(view, scheme, cause)}`));
        print(plain(`  held since ${heldAt}, lapses ${lapsesAt}`));
        print(`  --burst ${shellWord(id)}`);
      }
    });
}

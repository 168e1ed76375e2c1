import type { Command } from 'commander';
import * as z from 'zod/mini';
import { givenBy } from '../../files/file-fault.ts';
import { readInput } from '../../files/read-input.ts';
import { addRegionOptions, type RegionOptions } from '../../issuer/issuer-options.ts';
import { openRegion } from '../../issuer/open-region.ts';
import { plain, print, printJson } from '../../output/terminal.ts';
import { regionArgument } from '../region-argument.ts';

const Answer = z.object({ id: z.string(), state: z.string(), rules: z.array(z.string()) });

/** `symbolon issuer release` */
export function releaseCommand(parent: Command): void {
  addRegionOptions(parent.command('release'))
    .argument('<region>', 'the region that is held', regionArgument)
    .argument('<first>', 'the statement of one overseer: a file')
    .argument('<second>', 'and of the other one')
    .summary('release what the burst guard holds, with two statements')
    .description(
      'Sends the statements of two overseers. Their signatures are all that it takes, so anyone can send them. Held decisions are made anew then, by the facts of that ' +
        'moment: the region does so every minute. Run it again when it breaks off.',
    )
    .addHelpText('after', '\nExample:\n  symbolon issuer release CN-BJ chen.release zhao.release')
    .action(async (region: string, first: string, second: string, options: RegionOptions) => {
      const releases = [await statementIn('first', first), await statementIn('second', second)];
      const { ask } = await openRegion(region, options);
      const released = await ask(Answer, '/bursts/release', { releases });
      if (options.json) return printJson(released);
      print(
        plain(
          `Released (${released.id}): ${released.rules.join(', ')}. What was held is decided anew within minutes.`,
        ),
      );
    });
}

async function statementIn(argument: string, path: string): Promise<string> {
  return (await givenBy(argument, () => readInput(path))).trim();
}

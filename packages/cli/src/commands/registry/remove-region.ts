import type { Command } from 'commander';
import { addChangeOptions, type ChangeOptions } from '../../ceremony/change-options.ts';
import { proposeChange } from '../../ceremony/propose-change.ts';
import { regionArgument } from '../region-argument.ts';

/** `symbolon registry remove-region` */
export function removeRegionCommand(parent: Command): void {
  addChangeOptions(parent.command('remove-region'))
    .argument('<region>', 'its id', regionArgument)
    .summary('take a region out of the federation')
    .description(
      'Makes the event that takes a region and all regions below it out. Verifiers that get it refuse every credential of theirs, and the name is never ' +
        'given again.',
    )
    .addHelpText('after', '\nExample:\n  symbolon registry remove-region CN-HA --event leaving')
    .action(async (region: string, options: ChangeOptions) => {
      await proposeChange(options, {
        title: `remove-region ${region}`,
        make: () => [{ change: 'remove-region', region }],
      });
    });
}

import { proposeAgain } from '@symbolon/registry/ceremony/event/propose-event';
import type { Command } from 'commander';
import { addChangeOptions, type ChangeOptions } from '../../ceremony/change-options.ts';
import { readEventFolder, replaceEventFolder } from '../../ceremony/event-folder.ts';
import { printEvent } from '../../ceremony/print-event.ts';
import { proposeChange } from '../../ceremony/propose-change.ts';
import { openPublished } from '../../ceremony/published.ts';
import { putChanges } from '../../ceremony/put-changes.ts';
import { ceremonyNow } from '../../clock.ts';
import { UsageError } from '../../usage-error.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends ChangeOptions {
  readonly region?: string;
  readonly files?: string;
  readonly remove?: string[];
}

/** `symbolon registry propose`: new files, or the same event once more. */
export function proposeCommand(parent: Command): void {
  addChangeOptions(parent.command('propose'))
    .summary('propose new files, or an event again on top of what is published now')
    .description(
      'With --files: makes the event that publishes new or changed files, of the federation or of a region. With --event alone: makes that event again on ' +
        'top of what is published now, when another publication came first; it is then to be signed again.',
    )
    .option('--region <id>', "the files are this region's (the federation's when left out)", regionArgument)
    .option(
      '--files <folder>',
      'the files: region.json, rules.<scheme>.json; federation.json, schemes/*.json',
    )
    .option('--remove <name...>', 'files to take out, by the same names')
    .addHelpText(
      'after',
      `
Examples:
  symbolon registry propose --region CN-HA --files CN-HA --event new-rules
  symbolon registry propose --event new-rules`,
    )
    .action(async (options: Options) => {
      const { region, files, remove } = options;
      if (files === undefined && remove === undefined) return again(options);
      const changes = await putChanges(region, files, remove ?? []);
      await proposeChange(options, { title: `put files of ${region ?? 'targets'}`, make: () => changes });
    });
}

async function again(options: ChangeOptions): Promise<void> {
  const { event: folder } = options;
  if (folder === undefined)
    throw new UsageError('Give --files FOLDER, or --event FOLDER to propose that again.');
  const now = ceremonyNow();
  const former = await readEventFolder(folder);
  const { place, published } = await openPublished(options, former, now);
  const event = await proposeAgain(former, published, now);
  if (!options.dryRun) await replaceEventFolder(folder, event);
  const written = options.dryRun ? undefined : folder;
  await printEvent({ event, published, folder: written, place, json: options.json === true });
}

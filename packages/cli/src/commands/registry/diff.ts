import type { Command } from 'commander';
import { readEventFolder } from '../../ceremony/event-folder.ts';
import { printEvent } from '../../ceremony/print-event.ts';
import { openPublished } from '../../ceremony/published.ts';
import { ceremonyNow } from '../../clock.ts';
import { addRegistryOptions, type RegistryOptions } from '../../registry/registry-options.ts';

/** `symbolon registry diff`: what an event would change, and who has signed it. */
export function diffCommand(parent: Command): void {
  addRegistryOptions(parent.command('diff'))
    .argument('<event>', 'the folder of the signing event')
    .summary('what an event changes, and who has signed it')
    .description(
      'Shows what an event does to what is published now, made from its files: what the folder says of itself is not believed. Then who has signed it.',
    )
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon registry diff henan')
    .action(async (folder: string, options: RegistryOptions & { readonly json?: boolean }) => {
      const event = await readEventFolder(folder);
      const { place, published } = await openPublished(options, event, ceremonyNow());
      await printEvent({ event, published, folder, place, json: options.json === true });
    });
}

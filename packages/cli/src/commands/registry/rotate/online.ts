import type { Command } from 'commander';
import { KEY_FORMS, onlineAuthorityOf } from '../../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../../ceremony/change-options.ts';
import { proposeChange } from '../../../ceremony/propose-change.ts';

interface Options extends ChangeOptions {
  readonly online: string[];
  readonly timestamp?: string[];
}

/** `symbolon registry rotate online` */
export function rotateOnlineCommand(parent: Command): void {
  addChangeOptions(parent.command('online'))
    .summary('give snapshot and timestamp to other keys')
    .description(
      'Makes the event, a new root, that replaces the online keys. Clients forget the versions that the old ones signed. Publish it with the new key and, ' +
        'unless it is lost, the old one too: then readers notice nothing.',
    )
    .requiredOption(
      '--online <key...>',
      `the keys that sign snapshot and timestamp from then on: ${KEY_FORMS}`,
    )
    .option('--timestamp <key...>', 'other keys for timestamp')
    .addHelpText(
      'after',
      '\nExample:\n  symbolon registry rotate online --online online-2.pub.json --event online-2',
    )
    .action(async ({ online, timestamp: other, ...options }: Options) => {
      const snapshot = await onlineAuthorityOf(online);
      const timestamp = other === undefined ? snapshot : await onlineAuthorityOf(other);
      await proposeChange(options, {
        title: 'rotate online',
        make: () => [{ change: 'rotate-online', snapshot, timestamp }],
      });
    });
}

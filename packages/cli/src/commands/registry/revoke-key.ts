import type { Instant } from '@symbolon/protocol/instant';
import type { Command } from 'commander';
import { addChangeOptions, type ChangeOptions } from '../../ceremony/change-options.ts';
import { proposeChange } from '../../ceremony/propose-change.ts';
import { UsageError } from '../../usage-error.ts';
import { instantOption } from '../arguments.ts';
import { kidArgument, nameOption, regionArgument } from '../region-argument.ts';

interface Options extends ChangeOptions {
  readonly since: Instant;
  readonly reason: string;
  readonly stopIssuing?: boolean;
}

/** `symbolon registry revoke-key` */
export function revokeKeyCommand(parent: Command): void {
  addChangeOptions(parent.command('revoke-key'))
    .argument('<region>', 'whose key it is', regionArgument)
    .argument('<kid>', 'the kid of the key', kidArgument)
    .summary('end everything that a key signed')
    .description(
      'Makes the event that revokes an issuing or status key. It ends everything that the key signed, whatever --since says; that and the reason are for ' +
        'those who look into it. The key in reserve signs from then on.',
    )
    .requiredOption('--since <instant>', 'since when it was in wrong hands, as far as known', instantOption)
    .requiredOption('--reason <name>', 'one word: leaked, lost, misissued', nameOption)
    .option('--stop-issuing', 'the region stops issuing: this may be its last key')
    .addHelpText(
      'after',
      `
Example:
  symbolon registry revoke-key CN-HA fCwT1z0APWY --since 2026-09-07T08:00:00Z --reason leaked --event leak`,
    )
    .action(async (region: string, kid: string, { since, reason, stopIssuing, ...options }: Options) => {
      await proposeChange(options, {
        title: `revoke-key ${region} ${kid}`,
        make: ({ now }) => {
          if (since > now)
            throw new UsageError('--since is in the future: give the time it was lost, or now.');
          return [
            { change: 'revoke-key', region, kid, since, reason, ...(stopIssuing && { leaveNone: true }) },
          ];
        },
      });
    });
}

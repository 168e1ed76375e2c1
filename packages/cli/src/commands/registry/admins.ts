import type { Command } from 'commander';
import { KEY_FORMS, thresholdOption } from '../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../ceremony/change-options.ts';
import { proposeChange } from '../../ceremony/propose-change.ts';
import { passphrases } from '../../custody/passphrase.ts';
import { publicKeyAt } from '../../custody/public-key-at.ts';
import { kidArgument, regionArgument } from '../region-argument.ts';

interface Options extends ChangeOptions {
  readonly region?: string;
  readonly threshold?: number;
}

/** `symbolon registry add-admin` */
export function addAdminCommand(parent: Command): void {
  addChangeOptions(parent.command('add-admin'))
    .argument('<key>', `the key of the new admin: ${KEY_FORMS}`)
    .summary('give one more person a say')
    .description('Makes the event that adds an admin to root and targets, or to a region.')
    .option('--region <id>', 'an admin of this region', regionArgument)
    .option(
      '--threshold <n>',
      'how many must sign from then on (as many as now when left out)',
      thresholdOption,
    )
    .addHelpText('after', '\nExample:\n  symbolon registry add-admin chen.pub.json --event chen')
    .action(async (address: string, options: Options) => {
      const jwk = await publicKeyAt(address, passphrases(undefined));
      await proposeChange(options, {
        title: titleOf('add-admin', options),
        make: () => [{ change: 'add-admin', jwk, ...scopeOf(options) }],
      });
    });
}

/** `symbolon registry remove-admin` */
export function removeAdminCommand(parent: Command): void {
  addChangeOptions(parent.command('remove-admin'))
    .argument('<kid>', 'the kid of the key that leaves', kidArgument)
    .summary('take the say from a person, or from a key that was lost')
    .description('Makes the event that takes an admin out of root and targets, or out of a region.')
    .option('--region <id>', 'an admin of this region', regionArgument)
    .option(
      '--threshold <n>',
      'how many must sign from then on (as many as now when left out)',
      thresholdOption,
    )
    .addHelpText('after', '\nExample:\n  symbolon registry remove-admin fCwT1z0APWY --event zhao-leaves')
    .action(async (kid: string, options: Options) => {
      await proposeChange(options, {
        title: titleOf('remove-admin', options),
        make: () => [{ change: 'remove-admin', kid, ...scopeOf(options) }],
      });
    });
}

function scopeOf({ region, threshold }: Options) {
  return { ...(region !== undefined && { region }), ...(threshold !== undefined && { threshold }) };
}

function titleOf(command: string, { region }: Options): string {
  return region === undefined ? command : `${command} ${region}`;
}

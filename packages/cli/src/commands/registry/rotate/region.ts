import type { Change } from '@symbolon/registry/ceremony/changes/change';
import type { Command } from 'commander';
import {
  authorityOf,
  KEY_FORMS,
  onlineAuthorityOf,
  thresholdOption,
} from '../../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../../ceremony/change-options.ts';
import { proposeChange } from '../../../ceremony/propose-change.ts';
import { regionArgument } from '../../region-argument.ts';

interface Options extends ChangeOptions {
  readonly admin?: string[];
  readonly threshold?: number;
  readonly keys?: string[];
  readonly renewKeys?: boolean;
}

/** `symbolon registry rotate region` */
export function rotateRegionCommand(parent: Command): void {
  addChangeOptions(parent.command('region'))
    .argument('<region>', 'its id', regionArgument)
    .summary("renew a region's role for 90 days, or give its roles to other keys")
    .description(
      "Makes the event that signs a region's role anew, by its own admins. With --admin or --keys its roles go to those keys: whoever delegates the region " +
        'signs that, and the new keys sign what is published.',
    )
    .option('--renew-keys', 'renew <region>.keys instead, for 14 days, with its keys.json as it is')
    .option('--admin <key...>', `all keys of its admins from then on: ${KEY_FORMS}`)
    .option('--threshold <n>', 'how many of them must sign (more than half when left out)', thresholdOption)
    .option('--keys <key...>', 'the online key that signs keys.json from then on')
    .addHelpText('after', '\nExample:\n  symbolon registry rotate region CN-HA --event henan-autumn')
    .action(async (region: string, { admin, threshold, keys, renewKeys, ...options }: Options) => {
      const change = await changeOf(region, { admin, threshold, keys }, renewKeys === true);
      await proposeChange(options, {
        title: `rotate region ${region}`,
        make: () => [change],
      });
    });
}

async function changeOf(
  region: string,
  {
    admin,
    threshold,
    keys,
  }: Record<'admin' | 'keys', string[] | undefined> & { threshold: number | undefined },
  renewKeys: boolean,
): Promise<Change> {
  if (admin === undefined && keys === undefined) {
    return { change: 'renew', role: renewKeys ? `${region}.keys` : region };
  }
  return {
    change: 'rotate-region',
    region,
    ...(admin !== undefined && { admins: await authorityOf(admin, threshold) }),
    ...(keys !== undefined && { keys: await onlineAuthorityOf(keys) }),
  };
}

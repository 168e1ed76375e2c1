import type { Command } from 'commander';
import {
  authorityOf,
  KEY_FORMS,
  onlineAuthorityOf,
  thresholdOption,
} from '../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../ceremony/change-options.ts';
import { proposeChange } from '../../ceremony/propose-change.ts';
import { regionContent } from '../../ceremony/read-content.ts';
import { regionArgument } from '../region-argument.ts';

interface Options extends ChangeOptions {
  readonly admin: string[];
  readonly threshold?: number;
  readonly keys: string[];
  readonly by?: string;
  readonly files?: string;
}

/** `symbolon registry add-region` */
export function addRegionCommand(parent: Command): void {
  addChangeOptions(parent.command('add-region'))
    .argument('<region>', 'its id, such as CN-HA or CN-HB.wuhan', regionArgument)
    .summary('bring a region into the federation')
    .description(
      'Makes the event that delegates a region to its admins and to the key that signs its keys.json. With --files its own admins sign its first files ' +
        'in the same event; without, they do so later with "registry propose".',
    )
    .requiredOption('--admin <key...>', `keys of the region's admins: ${KEY_FORMS}`)
    .option('--threshold <n>', 'how many of them must sign (more than half when left out)', thresholdOption)
    .requiredOption('--keys <key...>', 'the online key that signs keys.json, and nothing else')
    .option('--by <role>', 'who delegates it (the nearest region above it, else targets)')
    .option('--files <folder>', 'region.json, rules.<scheme>.json, recognition.json')
    .addHelpText(
      'after',
      `
Example:
  symbolon registry add-region CN-HA --event henan --admin a.pub.json b.pub.json c.pub.json \\
    --keys awskms:///alias/CN-HA.keys --files CN-HA`,
    )
    .action(async (region: string, options: Options) => {
      const admins = await authorityOf(options.admin, options.threshold);
      const keys = await onlineAuthorityOf(options.keys);
      const files = options.files === undefined ? undefined : await regionContent(options.files, region);
      const { by } = options;
      await proposeChange(options, {
        title: `add-region ${region}`,
        make: () => [
          {
            change: 'add-region',
            region,
            admins,
            keys,
            ...(by !== undefined && { by }),
            ...(files !== undefined && { files }),
          },
        ],
      });
    });
}

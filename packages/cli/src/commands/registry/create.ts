import type { Command } from 'commander';
import {
  authorityOf,
  KEY_FORMS,
  onlineAuthorityOf,
  thresholdOption,
} from '../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../ceremony/change-options.ts';
import { proposeChange } from '../../ceremony/propose-change.ts';
import { federationContent } from '../../ceremony/read-content.ts';

interface Options extends ChangeOptions {
  readonly admin: string[];
  readonly threshold?: number;
  readonly targetsAdmin?: string[];
  readonly targetsThreshold?: number;
  readonly online: string[];
  readonly timestamp?: string[];
  readonly files: string;
}

/** `symbolon registry create`: the event of a federation's first publication. */
export function createCommand(parent: Command): void {
  addChangeOptions(parent.command('create'))
    .summary('prepare the first publication of a federation')
    .description(
      'Makes the signing event of a first publication: who the admins are, who signs online, and the files of the federation. Add regions to it with ' +
        '--event before it is signed.',
    )
    .requiredOption('--admin <key...>', `the admins' keys, for root and targets: ${KEY_FORMS}`)
    .option('--threshold <n>', 'how many admins must sign (more than half when left out)', thresholdOption)
    .option('--targets-admin <key...>', 'other keys for targets')
    .option('--targets-threshold <n>', 'how many of those must sign', thresholdOption)
    .requiredOption('--online <key...>', 'the keys that sign snapshot and timestamp; any one is enough')
    .option('--timestamp <key...>', 'other keys for timestamp')
    .requiredOption('--files <folder>', 'federation.json, dictionary.json and schemes/*.json')
    .addHelpText(
      'after',
      `
Example:
  symbolon registry create --registry s3://registry/ --event first \\
    --admin wang.pub.json li.pub.json zhao.pub.json --online awskms:///alias/registry --files federation`,
    )
    .action(async (options: Options) => {
      const root = await authorityOf(options.admin, options.threshold);
      const targets =
        options.targetsAdmin === undefined
          ? { ...root, threshold: options.targetsThreshold ?? root.threshold }
          : await authorityOf(options.targetsAdmin, options.targetsThreshold);
      const snapshot = await onlineAuthorityOf(options.online);
      const timestamp =
        options.timestamp === undefined ? snapshot : await onlineAuthorityOf(options.timestamp);
      const files = await federationContent(options.files);
      await proposeChange(options, {
        title: 'create',
        first: true,
        make: () => [{ change: 'create', root, targets, snapshot, timestamp, files }],
      });
    });
}

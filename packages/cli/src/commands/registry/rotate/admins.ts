import type { Command } from 'commander';
import { authorityOf, KEY_FORMS, thresholdOption } from '../../../ceremony/authority-options.ts';
import { addChangeOptions, type ChangeOptions } from '../../../ceremony/change-options.ts';
import { proposeChange } from '../../../ceremony/propose-change.ts';

interface Options extends ChangeOptions {
  readonly admin?: string[];
  readonly threshold?: number;
}

/** `symbolon registry rotate root|targets` */
export function rotateAdminsCommand(parent: Command, role: 'root' | 'targets'): void {
  addChangeOptions(parent.command(role))
    .summary(`renew ${role} for a year, or give it to other keys`)
    .description(
      `Makes the event that signs ${role} anew for a year. With --admin it goes to those keys, in place of all that hold it now.`,
    )
    .option('--admin <key...>', `all keys that hold it from then on: ${KEY_FORMS}`)
    .option('--threshold <n>', 'how many of them must sign (more than half when left out)', thresholdOption)
    .addHelpText('after', `\nExample:\n  symbolon registry rotate ${role} --event ${role}-2027`)
    .action(async ({ admin, threshold, ...options }: Options) => {
      const to = admin === undefined ? undefined : await authorityOf(admin, threshold);
      await proposeChange(options, {
        title: `rotate ${role}`,
        make: () => [to === undefined ? { change: 'renew', role } : { change: 'rotate-admins', role, to }],
      });
    });
}

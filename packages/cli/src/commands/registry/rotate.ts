import type { Command } from 'commander';
import { rotateAdminsCommand } from './rotate/admins.ts';
import { rotateKeyCommand } from './rotate/key.ts';
import { rotateOnlineCommand } from './rotate/online.ts';
import { rotateRegionCommand } from './rotate/region.ts';

/** `symbolon registry rotate root|targets|region|issuing|status|venue|online` */
export function rotateCommand(parent: Command): void {
  const rotate = parent
    .command('rotate')
    .summary('renew a role, give it to other keys, or publish the next key');
  rotateAdminsCommand(rotate, 'root');
  rotateAdminsCommand(rotate, 'targets');
  rotateRegionCommand(rotate);
  rotateKeyCommand(rotate, 'issuing');
  rotateKeyCommand(rotate, 'status');
  rotateKeyCommand(rotate, 'venue');
  rotateOnlineCommand(rotate);
}

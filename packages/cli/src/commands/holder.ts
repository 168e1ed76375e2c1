import type { Command } from 'commander';
import { receiptsCommand } from './holder/receipts.ts';
import { recordCommand } from './holder/record.ts';
import { requestCommand } from './holder/request.ts';
import { showCommand } from './holder/show.ts';

/** `symbolon holder request|show|record|receipts`: a test wallet. */
export function holderCommand(program: Command, setExitCode: (code: number) => void): void {
  const holder = program.command('holder').summary('a test wallet: get credentials and show them');
  requestCommand(holder);
  showCommand(holder);
  recordCommand(holder);
  receiptsCommand(holder, setExitCode);
}

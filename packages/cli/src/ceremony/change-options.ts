import type { Command } from 'commander';
import { addRegistryOptions, type RegistryOptions } from '../registry/registry-options.ts';

/** What every command that changes the registry takes. */
export interface ChangeOptions extends RegistryOptions {
  readonly event?: string;
  readonly title?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Nothing is signed or published by these commands: they write a signing event, a folder. */
export function addChangeOptions(command: Command): Command {
  return addRegistryOptions(command)
    .option('--event <folder>', 'the signing event: a new folder, or one to which this change is added')
    .option('--title <text>', 'what the history will call it: one line')
    .option('--dry-run', 'show what would change, and write nothing')
    .option('--json', 'for machines');
}

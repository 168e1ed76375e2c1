import { Title, tidyTitle } from '@symbolon/registry/history/publication-record';
import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';
import { addRegistryOptions, type RegistryOptions } from '../registry/registry-options.ts';

/** What every command that changes the registry takes. */
export interface ChangeOptions extends RegistryOptions {
  readonly event?: string;
  readonly title?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

function titleOption(value: string): string {
  if (!z.safeParse(Title, tidyTitle(value)).success)
    throw new InvalidArgumentError('It is one line, without control characters, and not too long.');
  return value;
}

/** Nothing is signed or published by these commands: they write a signing event, a folder. */
export function addChangeOptions(command: Command): Command {
  return addRegistryOptions(command)
    .option(
      '--event <folder>',
      'the signing event: a new folder, or one to which this change is added (event-COMMAND-... when left out)',
    )
    .option('--title <text>', 'what the history will call it: one line', titleOption)
    .option('--dry-run', 'show what would change, and write nothing')
    .option('--json', 'for machines');
}

import type { Command } from 'commander';
import { UsageError } from '../../usage-error.ts';

export interface CodeOptions {
  readonly code?: string;
}

export function addCodeOption(command: Command): Command {
  return command.option(
    '--code <code>',
    'the enrolment code; better in the environment variable SYMBOLON_CODE, as others can see arguments',
  );
}

/** @throws UsageError */
export function codeOf({ code = process.env['SYMBOLON_CODE'] }: CodeOptions): string {
  if (code === undefined)
    throw new UsageError('Give the enrolment code in SYMBOLON_CODE: an operator of the region hands it out.');
  return code;
}

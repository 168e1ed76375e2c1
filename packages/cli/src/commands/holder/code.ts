import { SymbolonError } from '@symbolon/protocol/errors';
import type { Command } from 'commander';

export interface CodeOptions {
  readonly code?: string;
}

export function addCodeOption(command: Command): Command {
  return command.option(
    '--code <code>',
    'the enrolment code; better in the environment variable SYMBOLON_CODE, as others can see arguments',
  );
}

/** @throws SymbolonError `unauthenticated` */
export function codeOf({ code = process.env['SYMBOLON_CODE'] }: CodeOptions): string {
  if (code === undefined) throw new SymbolonError('unauthenticated');
  return code;
}

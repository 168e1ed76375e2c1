import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, type SymbolonError } from '@symbolon/protocol/errors';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOfError } from '../exit-code.ts';
import { fileFaultOf } from '../files/file-fault.ts';
import { Interrupted } from '../interrupted.ts';
import { UsageError } from '../usage-error.ts';
import { note } from './terminal.ts';

/** What an admin does next, where the sentence of the code is meant for a verifier or says too little. */
const FOR_ADMINS: Partial<Record<Code, string>> = {
  'metadata-unreachable':
    'The registry, or the function that publishes, could not be reached: check the address, and try again.',
  'publication-conflict':
    'Another publication came first: make the event again on top of it with "symbolon registry propose --event FOLDER", look, and sign again.',
};

/** Tells an error in a sentence, without a stack trace and without what was typed. @returns the exit code */
export function reportError(error: unknown, isForAdmins: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.usage;
  if (isSymbolonError(error)) {
    for (const each of allOf(error)) {
      const forAdmins = isForAdmins ? FOR_ADMINS[each.code] : undefined;
      note(`${forAdmins ?? each.message} [${each.code}]`);
    }
    return exitCodeOfError(error.code);
  }
  if (error instanceof UsageError) {
    note(error.message);
    return EXIT.usage;
  }
  if (error instanceof Interrupted) return EXIT.interrupted;
  const fileFault = fileFaultOf(error);
  if (fileFault !== undefined) {
    note(fileFault.message);
    return EXIT.cannotWrite;
  }
  note(
    `Something failed in symbolon itself (${error instanceof Error ? error.name : 'unknown'}). Run with SYMBOLON_DEBUG=1 for the place.`,
  );
  if (process.env['SYMBOLON_DEBUG'] === '1' && error instanceof Error) note(error.stack ?? error.message);
  return EXIT.internal;
}

/** A ceremony tells everything that speaks against a change at once. */
function allOf(error: SymbolonError): readonly SymbolonError[] {
  const all = error.cause instanceof AggregateError ? error.cause.errors.filter(isSymbolonError) : [];
  return all.length > 0 ? all : [error];
}

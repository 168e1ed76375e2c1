import { isSymbolonError, type SymbolonError } from '@symbolon/protocol/errors';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOfError } from '../exit-code.ts';
import { fileFaultOf } from '../files/file-fault.ts';
import { Interrupted } from '../interrupted.ts';
import { UsageError } from '../usage-error.ts';
import { type Audience, sentenceOf } from './advice.ts';
import { note } from './terminal.ts';

/** Tells an error in a sentence, without a stack trace and without what was typed. @returns the exit code */
export function reportError(error: unknown, audience: Audience): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.usage;
  if (isSymbolonError(error)) {
    for (const each of allOf(error)) {
      note(`${sentenceOf(each, audience)} [${each.code}]`);
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

import { isSymbolonError, type SymbolonError } from '@symbolon/protocol/errors';
import { Command, CommanderError } from 'commander';
import { devCommand } from './commands/dev.ts';
import { holderCommand } from './commands/holder.ts';
import { keyCommand } from './commands/key.ts';
import { trustCommand } from './commands/trust.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT, exitCodeOfError } from './exit-code.ts';
import { Interrupted } from './interrupted.ts';
import { note } from './output/terminal.ts';
import { UsageError } from './usage-error.ts';

/** Runs `symbolon` with these arguments. Never throws, never prints a stack trace; answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.accepted;
  // A reader that went away (symbolon ... | head) is not a fault.
  process.stdout.on('error', (error: Error & { code?: string }) => {
    process.exit(error.code === 'EPIPE' ? exitCode : EXIT.internal);
  });
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const program = new Command('symbolon')
    .description('Mutual recognition of short-lived status credentials between regions, verified offline.')
    .helpCommand(true)
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    // What was typed can be a code or a name of someone: an error says what is wrong with it, and does not repeat it.
    .configureOutput({
      outputError: (text, write) => write(withoutInput(text)),
    })
    .addHelpText(
      'after',
      `
Start here:
  symbolon dev                               a federation of three regions on this machine, with its story
  symbolon verify photo.png                  check a shown QR code, offline`,
    );
  verifyCommand(program, setExitCode);
  trustCommand(program);
  holderCommand(program);
  keyCommand(program);
  const registry = program
    .command('registry')
    .summary('the key registry: look into it, and change it by ceremony');
  if (argv.includes('registry')) {
    // Loaded only here: they are many, and a gate that verifies needs none of them.
    const { registryCommands } = await import('./commands/registry.ts');
    registryCommands(registry, setExitCode);
  }
  devCommand(program, setExitCode);
  exitEarly(program);

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.usage;
    if (isSymbolonError(error)) {
      for (const each of allOf(error)) note(`${each.message} [${each.code}]`);
      return exitCodeOfError(error.code);
    }
    if (error instanceof UsageError) {
      note(error.message);
      return EXIT.usage;
    }
    if (error instanceof Interrupted) return EXIT.interrupted;
    const fileFault = fileFaultOf(error);
    if (fileFault !== undefined) {
      note(
        `A file or folder cannot be read or written (${fileFault}): check the paths given, and who may write there.`,
      );
      return EXIT.cannotWrite;
    }
    note(
      `Something failed in symbolon itself (${error instanceof Error ? error.name : 'unknown'}). Run with SYMBOLON_DEBUG=1 for the place.`,
    );
    if (process.env['SYMBOLON_DEBUG'] === '1' && error instanceof Error) note(error.stack ?? error.message);
    return EXIT.internal;
  }
}

/** A ceremony tells everything that speaks against a change at once. */
function allOf(error: SymbolonError): readonly SymbolonError[] {
  const all = error.cause instanceof AggregateError ? error.cause.errors.filter(isSymbolonError) : [];
  return all.length > 0 ? all : [error];
}

const FILE_FAULTS = [
  'EACCES',
  'EEXIST',
  'EISDIR',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
];

function fileFaultOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return FILE_FAULTS.find((code) => code === error.code);
}

/** Commander repeats what was typed, in quotes or at the end of a count. */
function withoutInput(text: string): string {
  return text
    .replace(/(argument|value) '[\s\S]*?' is invalid/g, '$1 is invalid')
    .replace(/unknown (command|option) '[\s\S]*?'/g, 'unknown $1')
    .replace(/(but got \d+)[^\n]*/g, '$1.');
}

/** Every command throws rather than exits, so that this file decides the exit code. */
function exitEarly(command: Command): void {
  for (const inner of command.commands) {
    inner.exitOverride().copyInheritedSettings(command);
    exitEarly(inner);
  }
}

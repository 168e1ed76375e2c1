import { isSymbolonError } from '@symbolon/protocol/errors';
import { Command, CommanderError } from 'commander';
import { devCommand } from './commands/dev.ts';
import { holderCommand } from './commands/holder.ts';
import { registryCommand } from './commands/registry.ts';
import { trustCommand } from './commands/trust.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT, exitCodeOfError } from './exit-code.ts';
import { note } from './output/terminal.ts';

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
  registryCommand(program);
  devCommand(program, setExitCode);
  exitEarly(program);

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.usage;
    if (isSymbolonError(error)) {
      note(`${error.message} [${error.code}]`);
      return exitCodeOfError(error.code);
    }
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

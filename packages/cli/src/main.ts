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
      outputError: (text, write) => write(text.replace(/ value '[\s\S]*' is invalid/, ' value is invalid')),
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
    note(
      `Something failed in symbolon itself (${error instanceof Error ? error.name : 'unknown'}). Run with SYMBOLON_DEBUG=1 for the place.`,
    );
    if (process.env['SYMBOLON_DEBUG'] === '1' && error instanceof Error) note(error.stack ?? error.message);
    return EXIT.internal;
  }
}

/** Every command throws rather than exits, so that this file decides the exit code. */
function exitEarly(command: Command): void {
  for (const inner of command.commands) {
    inner.exitOverride().copyInheritedSettings(command);
    exitEarly(inner);
  }
}

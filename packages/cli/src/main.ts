import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { devCommand } from './commands/dev.ts';
import { explainCommand } from './commands/explain.ts';
import { holderCommand } from './commands/holder.ts';
import { keyCommand } from './commands/key.ts';
import { trustCommand } from './commands/trust.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT } from './exit-code.ts';
import { withKidAsArgument } from './kid-arguments.ts';
import { audienceOf } from './output/advice.ts';
import { watchOutput } from './output/output-faults.ts';
import { reportError } from './output/report-error.ts';

/** Runs `symbolon` with these arguments. Never throws, never prints a stack trace; answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.accepted;
  const output = watchOutput();
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const program = new Command('symbolon')
    .description('Mutual recognition of short-lived status credentials between regions, verified offline.')
    .version(await version(), '--version', 'the version of symbolon')
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
  symbolon dev                               a federation on this machine, with its story
  symbolon verify photo.png                  check a shown QR code, offline`,
    );
  verifyCommand(program, setExitCode);
  explainCommand(program, setExitCode);
  trustCommand(program);
  holderCommand(program, setExitCode);
  keyCommand(program);
  const registry = program
    .command('registry')
    .summary('the key registry: look into it, and change it by ceremony');
  if (argv.includes('registry')) {
    // Loaded only here: they are many, and a gate that verifies needs none of them.
    const { registryCommands } = await import('./commands/registry.ts');
    registryCommands(registry, setExitCode);
  }
  const issuer = program.command('issuer').summary("a region's issuer: enrol, report facts, decide by hand");
  if (argv.includes('issuer')) {
    const { issuerCommands } = await import('./commands/issuer.ts');
    issuerCommands(issuer, setExitCode);
  }
  const venue = program.command('venue').summary('the code that a venue shows: make one, or read one');
  if (argv.includes('venue')) {
    const { venueCommands } = await import('./commands/venue.ts');
    venueCommands(venue);
  }
  const rules = program.command('rules').summary('rule sets: check, explain, simulate and compare them');
  if (argv.includes('rules')) {
    const { rulesCommands } = await import('./commands/rules.ts');
    rulesCommands(rules, setExitCode);
  }
  const audit = program
    .command('audit')
    .summary('audit decision logs and the registry from outside; check a receipt');
  if (argv.includes('audit')) {
    const { auditCommand } = await import('./commands/audit.ts');
    auditCommand(audit, setExitCode);
  }
  devCommand(program, setExitCode);
  exitEarly(program);

  try {
    await program.parseAsync([...withKidAsArgument(program, argv)], { from: 'user' });
  } catch (error) {
    exitCode = reportError(error, audienceOf(argv));
  }
  return output.exitCode(exitCode);
}

/** Commander repeats what was typed, in quotes or at the end of a count. */
function withoutInput(text: string): string {
  return text
    .replace(/(argument|value) '[\s\S]*?' is invalid/g, '$1 is invalid')
    .replace(/unknown (command|option) '[\s\S]*?'/g, 'unknown $1')
    .replace(/(but got \d+)[^\n]*/g, '$1.');
}

async function version(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}

/** Every command throws rather than exits, so that this file decides the exit code. */
function exitEarly(command: Command): void {
  for (const inner of command.commands) {
    inner.exitOverride().copyInheritedSettings(command);
    exitEarly(inner);
  }
}

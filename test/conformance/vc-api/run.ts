import { stderr, stdout } from 'node:process';
import { watchInterrupts } from '../../../packages/cli/src/dev/interrupts.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { startServer } from './server.ts';

/** `npm run conformance:vc-api`. */

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;

async function main(args: readonly string[]): Promise<void> {
  const { port, help } = readOptions(args);
  if (help) {
    stdout.write(`${USAGE}\n`);
    return;
  }
  const { interrupted } = watchInterrupts();
  const server = await startServer(port);
  stdout.write(`${server.url}\n`);
  await interrupted;
  await server.stop();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const reason = error instanceof Error ? error.message : 'The server could not be started.';
  stderr.write(`${reason}\n${isUsage ? 'More: npm run conformance:vc-api -- --help\n' : ''}`);
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAILED;
}

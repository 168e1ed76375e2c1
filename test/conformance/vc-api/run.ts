import { once } from 'node:events';
import { stderr, stdout } from 'node:process';
import { readOptions, USAGE, UsageError } from './options.ts';
import { startServer } from './server.ts';

/** `npm run conformance:vc-api`. */

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const PARENT_MS = 200;

async function main(args: readonly string[]): Promise<void> {
  const { port, help } = readOptions(args);
  if (help) {
    stdout.write(`${USAGE}\n`);
    return;
  }
  const interrupted = interruption();
  const server = await startServer(port);
  stdout.write(`${server.url}\n`);
  await interrupted;
  await server.stop();
}

/**
 * A signal, however often it comes: npm passes on a Ctrl-C that the terminal has sent already. Or the end of the shell in which npm has started
 * this: that shell takes npm's SIGTERM for itself.
 */
function interruption(): Promise<unknown> {
  const signals = ['SIGINT', 'SIGTERM'].map((signal) => once(process, signal));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  if (process.env['npm_lifecycle_event'] === undefined) return Promise.race(signals);
  const parent = process.ppid;
  const orphaned = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, PARENT_MS);
    timer.unref();
  });
  return Promise.race([...signals, orphaned]);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const reason = error instanceof Error ? error.message : 'The server could not be started.';
  stderr.write(`${reason}\n${isUsage ? 'More: npm run conformance:vc-api -- --help\n' : ''}`);
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAILED;
}

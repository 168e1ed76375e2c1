// Plain JavaScript, so that any Node can say what is missing. Where the machine's own Node is too old, the one that npm installed with
// this project (the one that Lambda runs) takes over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runsTypeScript = major > 22 || (major === 22 && minor >= 18);

/**
 * Runs a program of this folder, and sets its exit code.
 *
 * @param {string} program its own URL (import.meta.url), to start it again under the other Node
 * @param {() => Promise<{ main: (argv: readonly string[]) => Promise<number> }>} load its TypeScript
 */
export async function runOnNode24(program, load) {
  const argv = process.argv.slice(2);
  if (runsTypeScript) {
    const { main } = await load();
    process.exitCode = await main(argv);
    return;
  }
  const node = installedNode();
  if (node === undefined) {
    console.error(
      `Symbolon needs Node 22.18 or newer (Node 24 is what it is tested on); this is Node ${process.versions.node}.`,
    );
    process.exitCode = 69;
    return;
  }
  process.exitCode = await runUnder(node, [fileURLToPath(program), ...argv]);
}

/**
 * Waits for the other Node, whatever signal comes, and passes signals on: nothing is left running, and nobody is told that it ended before it
 * has cleaned up.
 *
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code, or 128 and the signal that ended it
 */
function runUnder(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  // At a terminal Ctrl-C goes to both.
  const isAtTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => {
    if (!isAtTerminal) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', () => {
      console.error('Symbolon could not start the Node that is installed with it: run npm install again.');
      resolve(69);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function installedNode() {
  try {
    const name = `node-${process.platform}-${process.arch}`;
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const file = join(dirname(manifest), 'bin', 'node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

// Plain JavaScript, so that any Node can say what is missing. Where the machine's own Node is too old, the one that npm installed with
// this project (the one that Lambda runs) takes over.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
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
  const { status, signal } = spawnSync(node, [fileURLToPath(program), ...argv], { stdio: 'inherit' });
  process.exitCode = signal === null ? (status ?? 70) : 130;
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

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs TUF's public conformance suite (theupdateframework/tuf-conformance) against `packages/cli/bin/tuf-client`.
 *
 *   node scripts/tuf-conformance.ts CHECKOUT [arguments for pytest]
 *
 * The checkout needs what its pyproject.toml lists (`pip install -e CHECKOUT`), and the machine `faketime`. Python is the checkout's own
 * `env/bin/python` (`make dev` makes it), else $PYTHON, else python3.
 */
const KINDS = ['passed', 'failed', 'skipped', 'xfailed', 'xpassed', 'error'] as const;
const ENTRYPOINT = fileURLToPath(new URL('../packages/cli/bin/tuf-client', import.meta.url));

const [checkout, ...more] = process.argv.slice(2);
if (checkout === undefined || !existsSync(join(checkout, 'tuf_conformance'))) {
  stop('Give the path of a checkout of theupdateframework/tuf-conformance.');
}
const folders = (process.env['PATH'] ?? '').split(delimiter);
if (!folders.some((each) => existsSync(join(each, 'faketime')))) {
  stop('The suite sets the clock with "faketime", which is not installed here.');
}

const own = resolve(checkout, 'env', 'bin', 'python');
const python = existsSync(own) ? own : (process.env['PYTHON'] ?? 'python3');
const suite = resolve(checkout, 'tuf_conformance');
const { stdout, status } = spawnSync(
  python,
  ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', suite, '--entrypoint', ENTRYPOINT, ...more],
  { cwd: checkout, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
);
process.stdout.write(stdout ?? '');

/** The last line of pytest: `112 passed, 1 failed in 80.22s`. */
const summary = (stdout ?? '').trimEnd().split('\n').at(-1) ?? '';
const count = (kind: string) => Number(new RegExp(`(\\d+) ${kind}`).exec(summary)?.[1] ?? 0);
const counts = Object.fromEntries(KINDS.map((kind) => [kind, count(kind)]));
const failed = (counts['failed'] ?? 0) + (counts['error'] ?? 0);
console.log(
  `${counts['passed']} passed, ${failed} failed, ${counts['skipped']} skipped, ${counts['xfailed']} expected to fail`,
);
process.exitCode = status === 0 && counts['passed'] !== 0 && counts['xfailed'] === 0 ? 0 : 1;

function stop(reason: string): never {
  console.error(reason);
  process.exit(2);
}

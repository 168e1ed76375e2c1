import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';

const TEST = fileURLToPath(new URL('../..', import.meta.url));
const execute = promisify(execFile);

/** Says how much CPU time the process has taken until here. */
const TELL = `
  const tell = () => {
    const { user, system } = process.cpuUsage();
    process.stdout.write(String(user + system));
  };
`;

const SETTINGS: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  logLevel: 'error',
};

/**
 * A program as ES modules, which Node runs as it is; what is loaded when it is met is in files of its own.
 *
 * @param source defines `answer(folder)`, the work that is measured: all that it needs is in a folder, the one argument of the program
 * @param outdir where its files go
 * @returns the arguments of Node before that folder
 */
export async function plainProgram(source: string, outdir: string): Promise<readonly string[]> {
  await build({
    ...SETTINGS,
    stdin: stdin(`${source}${TELL} await answer(process.argv[2]); tell();`),
    format: 'esm',
    splitting: true,
    outdir,
    entryNames: 'main',
    outExtension: { '.js': '.mjs' },
  });
  return [join(outdir, 'main.mjs')];
}

/**
 * The same as a startup snapshot, made in the way of docs/guides/verifier.md: of one file, which does the work once while the snapshot is made.
 *
 * @param warmUp a folder with what it then works on
 */
export async function snapshotProgram(
  source: string,
  outdir: string,
  warmUp: string,
): Promise<readonly string[]> {
  const start = `
    import { startupSnapshot } from 'node:v8';
    startupSnapshot.setDeserializeMainFunction(() => answer(process.argv[1]).then(tell));
    void answer(process.argv[2]);
  `;
  await mkdir(outdir, { recursive: true });
  const file = join(outdir, 'main.cjs');
  const blob = join(outdir, 'main.blob');
  await build({
    ...SETTINGS,
    stdin: stdin(`${source}${TELL}${start}`),
    format: 'cjs',
    define: { 'import.meta.url': '"file:///"' },
    outfile: file,
  });
  await execute(process.execPath, ['--snapshot-blob', blob, '--build-snapshot', file, warmUp], { env: {} });
  return ['--snapshot-blob', blob];
}

function stdin(contents: string): NonNullable<BuildOptions['stdin']> {
  return { contents, resolveDir: TEST, loader: 'ts' };
}

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { FUNCTIONS } from './functions.ts';

const HERE = new URL('.', import.meta.url);

/** Where the bundle of a function lies: the folder that is deployed, and that runs on one machine. */
export function bundleFolder(name: string): string {
  return fileURLToPath(new URL(`dist/${name}/`, HERE));
}

/**
 * Bundles every function with esbuild into `dist/<name>/index.mjs`. What is deployed is what is tested and what `symbolon dev` runs: the
 * same files.
 */
export async function bundleFunctions(): Promise<void> {
  await Promise.all(Object.keys(FUNCTIONS).map(bundleFunction));
}

async function bundleFunction(name: string): Promise<void> {
  const folder = bundleFolder(name);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`${name}/handler.ts`, HERE))],
    outdir: folder,
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
    // Dependencies that still call require() need one in an ES module.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  // A network that is running, or a second build, finds whole files at all times: what is the same stays, what is new is moved into place, and what an
  // earlier build left goes last.
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) await replaceIfChanged(path, contents);
  const current = new Set(outputFiles.map(({ path }) => basename(path)));
  const left = (await readdir(folder)).filter((file) => !current.has(file) && !file.endsWith('.tmp'));
  for (const file of left) await rm(join(folder, file), { force: true });
}

async function replaceIfChanged(path: string, contents: Uint8Array): Promise<void> {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(contents)) return;
  const aside = `${path}.${process.pid}.tmp`;
  await writeFile(aside, contents);
  await rename(aside, path);
}

if (import.meta.main) await bundleFunctions();

import { readdir, rm } from 'node:fs/promises';
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
  const { metafile } = await build({
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
    metafile: true,
    // Dependencies that still call require() need one in an ES module.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  // What an earlier build left goes only now, so that a network that is running finds its files at all times.
  const current = new Set(Object.keys(metafile.outputs).map((file) => basename(file)));
  for (const file of await readdir(folder)) if (!current.has(file)) await rm(join(folder, file));
}

if (import.meta.main) await bundleFunctions();

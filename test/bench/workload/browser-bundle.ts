import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a page needs that scans at a gate. */
const ENTRY = `
  export { openTrust } from '@symbolon/verifier/open-trust';
  export { verify } from '@symbolon/verifier/verify';
  export { createScanner } from '@symbolon/verifier/scanner';
  export { readPolicy } from '@symbolon/verifier/policy';
`;

const TEST = fileURLToPath(new URL('../..', import.meta.url));
// esbuild takes this package's Node entry otherwise.
const ALIAS = {
  'base64url-universal': fileURLToPath(
    new URL('../../../node_modules/base64url-universal/lib/browser.js', import.meta.url),
  ),
};

/**
 * Bytes, compressed (gzip), of all the files that a browser loads before it can give a verdict. What is loaded when it is met (JSON-LD, and a curve for browsers
 * that lack it) is in files of its own and not counted.
 */
export async function browserBundleBytes(): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: ENTRY, resolveDir: TEST, loader: 'ts' },
    bundle: true,
    splitting: true,
    outdir: TEST,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    alias: ALIAS,
    logLevel: 'error',
  });
  const { outputs } = metafile;
  const loaded = new Set(Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === '<stdin>'));
  // A set is walked to its end, also to what is added on the way.
  for (const path of loaded)
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') loaded.add(next);
  const names = new Set([...loaded].map((path) => basename(path)));
  const files = outputFiles.filter(({ path }) => names.has(basename(path)));
  if (files.length === 0 || files.length !== names.size) throw new Error('a file of the bundle is missing');
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}

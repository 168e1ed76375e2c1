import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** Code as a browser would get it, and a process that is as bare as a page. */

export const BROWSER_BUILD = {
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2024',
  // esbuild takes this package's Node entry otherwise (it ignores the "browser" map of file names).
  alias: {
    'base64url-universal': fileURLToPath(
      new URL('../../node_modules/base64url-universal/lib/browser.js', import.meta.url),
    ),
  },
} as const satisfies BuildOptions;

/** A page's script: it takes what it needs, then `process` and `Buffer` are gone for good, and only then the bundle is loaded. */
const PAGE_BEGINS = `
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const input = JSON.parse(Buffer.concat(chunks).toString());
  const write = process.stdout.write.bind(process.stdout);
  const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  globalThis.self = globalThis;
  delete globalThis.process;
  delete globalThis.Buffer;
  const symbolon = await import(input.module);
`;

/** @param script has `symbolon` (the bundle at the URL `input.module`), `input`, `bytes` (of hex) and `write` @returns what it wrote */
export function runAsBrowser(script: string, input: { readonly module: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PAGE_BEGINS + script], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(errors))));
    child.stdin.end(JSON.stringify(input));
  });
}

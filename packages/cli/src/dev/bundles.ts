import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FUNCTIONS = new URL('../../../../functions/', import.meta.url);

/**
 * Builds the Lambda bundles (about a second), so that what runs is what the sources say.
 *
 * @returns the folder that holds `<function>/index.mjs`
 */
export async function ensureBundles(): Promise<URL> {
  const script = fileURLToPath(new URL('bundle.ts', FUNCTIONS));
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error('the functions could not be bundled');
  return new URL('dist/', FUNCTIONS);
}

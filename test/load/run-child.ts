import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadResult } from './load.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
/** Enough for a million people. */
const HEAP_MEGABYTES = 6144;

/** One run in a process of its own. Nothing when it was interrupted. @throws Error when it ended otherwise */
export async function runInChild(
  subjects: number,
  interrupted: AbortSignal,
): Promise<LoadResult | undefined> {
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MEGABYTES}`, CHILD, String(subjects)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  if (interrupted.aborted) kill();
  interrupted.addEventListener('abort', kill);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  interrupted.removeEventListener('abort', kill);
  if (interrupted.aborted) return undefined;
  if (code !== 0) throw new Error(`The run with ${subjects} subjects ended early.`);
  const result: LoadResult = JSON.parse(text);
  return result;
}

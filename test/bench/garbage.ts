import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

/**
 * So that nobody pays for what the preparation left behind. Young objects only: a full collection throws optimised code away, and what is
 * measured next is not what a process that runs for hours does.
 */
export function collectYoungGarbage(): void {
  if (typeof gc === 'function') gc({ type: 'minor' });
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

/** Young objects only: a full collection throws optimised code away, and then another program is measured than the one that runs for hours. */
export function collectYoungGarbage(): void {
  if (typeof gc === 'function') gc({ type: 'minor' });
}

import type { Bytes } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Form } from './profile.ts';
import { advanceRoot, type RootTrust } from './trusted-root.ts';

/**
 * Walks to the newest root (TUF 1.0, sections 5.3.2 to 5.3.9), at most `LIMITS.rootRotations` steps in one update.
 *
 * @param next the root of a version, or nothing when there is none
 * @param keep told of each root once it is trusted, before the next is asked for
 * @throws what `advanceRoot`, `next` and `keep` throw
 */
export async function walkRoots<F extends Form>(
  trust: RootTrust<F>,
  next: (version: number) => Promise<Bytes | undefined>,
  keep?: (trust: RootTrust<F>) => Promise<void>,
): Promise<RootTrust<F>> {
  let newest = trust;
  for (let step = 0; step < LIMITS.rootRotations; step++) {
    const bytes = await next(newest.root.signed.version + 1);
    if (bytes === undefined) break;
    newest = await advanceRoot(newest, bytes);
    await keep?.(newest);
  }
  return newest;
}

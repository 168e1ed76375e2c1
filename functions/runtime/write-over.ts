import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from '@symbolon/registry/object-store';

/**
 * Writes over what was read, and nothing else; what is the same is not written.
 *
 * @param previous what was read; nothing, when nothing was there
 * @returns whether anything was written
 * @throws SymbolonError `publication-conflict`, `object-exists` when another wrote meanwhile; what the store throws
 */
export async function writeOver(
  store: Pick<ObjectStore, 'create' | 'replace'>,
  path: string,
  bytes: Bytes,
  previous: Bytes | undefined,
): Promise<boolean> {
  if (previous === undefined) await store.create(path, bytes);
  else if (equalBytes(previous, bytes)) return false;
  else await store.replace(path, bytes, previous);
  return true;
}

/** Whether another wrote first: read again, and go on from there. */
export function isOvertaken(error: unknown): boolean {
  return isSymbolonError(error) && (error.code === 'publication-conflict' || error.code === 'object-exists');
}

/**
 * Does work, which reads before it writes, again while others come first.
 *
 * @param tries how often in all
 * @param isLost which failures are a race that was lost
 * @throws what the last try throws
 */
export async function whileOvertaken<T>(
  tries: number,
  work: (tries: number) => Promise<T>,
  isLost: (error: unknown) => boolean = isOvertaken,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work(tried);
    } catch (error) {
      if (!isLost(error) || tried >= tries) throw error;
    }
  }
}

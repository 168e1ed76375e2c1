import { isSymbolonError } from '@symbolon/protocol/errors';

/** The source cannot know: another try may tell. */
const UNKNOWN: readonly string[] = ['metadata-unreachable', 'storage-failed'];

/**
 * REQ-REG-019: what is damaged or gone of one region is not there, for clients too, and keeps nothing else back.
 *
 * @throws what `work` throws because it cannot know
 */
export async function unlessDamaged<T, E>(work: () => Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await work();
  } catch (error) {
    if (!isSymbolonError(error) || UNKNOWN.includes(error.code)) throw error;
    return otherwise;
  }
}

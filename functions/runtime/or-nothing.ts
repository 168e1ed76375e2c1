import { isSymbolonError } from '@symbolon/protocol/errors';

/** What work gives; nothing, when it fails with a code: what cannot be read or opened is as what is not there. A mistake of ours is thrown on. */
export async function orNothing<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

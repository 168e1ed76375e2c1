import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';

/**
 * Port: where the files of a log are (a bucket, a folder).
 *
 * Contract: a file is seen whole or not at all, and a finished write is seen by every later read.
 */
export interface LogStore {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Bytes | undefined>;
  /** Writes a file that is not there yet. @throws SymbolonError `object-exists` when it is; it is then left as it was */
  create(path: string, bytes: Bytes): Promise<void>;
  /**
   * Writes over a file that still holds exactly `previous` (compare and swap). Of two calls with one `previous`, one wins.
   *
   * @throws SymbolonError `publication-conflict` when it holds anything else, or is gone
   */
  replace(path: string, bytes: Bytes, previous: Bytes): Promise<void>;
}

/** The two places of a log: what everyone reads, and what only its sequencer does. */
export interface LogStores {
  readonly public: LogStore;
  /** State between rounds. It holds salts, and names of subjects. */
  readonly private: LogStore;
}

/** The newest checkpoint that enough witnesses have cosigned, beside `checkpoint`, which may be newer. */
export const WITNESSED = 'witnessed';

/** Compare and swap, also of a file that is not there yet. @returns whether it was done: not when somebody else was faster */
export async function swap(
  store: LogStore,
  path: string,
  bytes: Bytes,
  previous: Bytes | undefined,
): Promise<boolean> {
  try {
    if (previous === undefined) await store.create(path, bytes);
    else await store.replace(path, bytes, previous);
    return true;
  } catch (error) {
    if (isSymbolonError(error) && (error.code === 'object-exists' || error.code === 'publication-conflict'))
      return false;
    throw error;
  }
}

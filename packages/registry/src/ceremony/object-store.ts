import type { Bytes } from '@symbolon/protocol/bytes';

/**
 * Port: where static files are published (a bucket, a folder). Paths are plain: `metadata/timestamp.json`.
 *
 * Contract: a file is seen whole or not at all, and a finished write is seen by every later read.
 */
export interface ObjectStore {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Bytes | undefined>;
  /** Writes a file that is not there yet (If-None-Match). @throws SymbolonError `object-exists` when it is; it is then left as it was. */
  create(path: string, bytes: Bytes): Promise<void>;
  /**
   * Writes over a file that still holds exactly `previous` (compare and swap, If-Match). Of two calls with one `previous`, one wins.
   *
   * @throws SymbolonError `publication-conflict` when it holds anything else, or is gone
   */
  replace(path: string, bytes: Bytes, previous: Bytes): Promise<void>;
}

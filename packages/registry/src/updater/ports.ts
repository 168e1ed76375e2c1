import type { Bytes } from '@symbolon/protocol/bytes';

/** Port: a repository on the network, read by path below one base URL. */
export interface Repository {
  /**
   * The file at a path (`metadata/timestamp.json`), or undefined when the server says that there is none.
   *
   * Contract: reads no more than `maxBytes` and gives up after a bounded time; what was read is not checked.
   *
   * @throws SymbolonError `metadata-unreachable` when it cannot know, `metadata-too-large` past `maxBytes`
   */
  fetch(path: string, maxBytes: number): Promise<Bytes | undefined>;
}

/**
 * Port: files kept between two updates.
 *
 * Contract: what was written is read back whole or not at all; it may be lost, which costs requests and never safety. One updater
 * at a time.
 */
export interface Cache {
  read(path: string): Promise<Bytes | undefined>;
  write(path: string, bytes: Bytes): Promise<void>;
  /** The cache may forget every path that is not among these. */
  retain(paths: ReadonlySet<string>): Promise<void>;
}

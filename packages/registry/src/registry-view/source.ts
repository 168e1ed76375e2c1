import { sha256Hex } from '@symbolon/keys/digest';
import type { Bytes } from '@symbolon/protocol/bytes';

/** What is known of a file before it is read. */
export interface Expected {
  /** More than this is not worth reading. */
  readonly maxBytes: number;
  /** Lower-case hex, where the file's parent tells it. */
  readonly sha256?: string | undefined;
}

/**
 * Port: the files of a repository by path (`metadata/...`, `targets/...`): a folder, a bucket, a bundle, a web server.
 *
 * Contract: answers undefined when there is no such file, and throws when it cannot know. It need not check anything; a file that is
 * larger than `maxBytes` may be cut or refused with `metadata-too-large`. Files other than `metadata/timestamp.json` never change.
 */
export type ReadFile = (path: string, expected: Expected) => Promise<Bytes | undefined>;

export function readFrom(files: ReadonlyMap<string, Bytes>): ReadFile {
  return async (path) => files.get(path);
}

/** Whether these are the bytes that the parent describes. Where it tells no hash, nothing can be said against them. */
export function isExpected(bytes: Bytes, expected: Expected): boolean {
  return expected.sha256 === undefined || sha256Hex(bytes) === expected.sha256;
}

import { constants, open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';

/** What systems leave on a stick: hidden files, and what a copy that broke off left behind. */
const NOT_OURS = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|System Volume Information)(\/|$)|\.tmp$/i;

/**
 * The files of a folder and of those in it, by their paths with `/`. Links are not followed, and hidden files passed over. Bounded like a signing
 * event.
 *
 * @throws SymbolonError `event-malformed` past `eventFiles` or `eventBytes`; the file system's own error when there is no such folder
 */
export async function readFolder(folder: string): Promise<ReadonlyMap<string, Bytes>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !NOT_OURS.test(path))
    .toSorted();
  if (paths.length > LIMITS.eventFiles) {
    throw new SymbolonError('event-malformed', { path: '(root)', bound: LIMITS.eventFiles });
  }
  const files = new Map<string, Bytes>();
  let size = 0;
  for (const path of paths) {
    const bytes = await readAtMost(join(folder, path), LIMITS.eventBytes - size);
    size += bytes.length;
    files.set(path, bytes);
  }
  return files;
}

async function readAtMost(path: string, bound: number): Promise<Bytes> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    if ((await file.stat()).size > bound) {
      throw new SymbolonError('event-malformed', { path: '(root)', bound: LIMITS.eventBytes });
    }
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { ReadFile } from '../registry-view/source.ts';
import type { Cache } from './ports.ts';

/**
 * A cache moves one file at a time. Some must move together: a timestamp, and the root that says who signs it. They are written aside, then
 * one list says which of them stand for the files in place, then they are put in place, then the list is emptied. So at every step a reader
 * finds all the old files or all the new ones.
 */
const JOURNAL = 'pending/journal.json';

/** Where a file waits. No path of a repository begins so. */
export function pendingFile(path: string): string {
  return `pending/${path}`;
}

/** All of these files, or none of them, also when this is cut off. One more `settle` may then be due. */
export async function replaceTogether(cache: Cache, files: ReadonlyMap<string, Bytes>): Promise<void> {
  if (files.size === 1) {
    for (const [path, bytes] of files) await cache.write(path, bytes);
    return;
  }
  for (const [path, bytes] of files) await cache.write(pendingFile(path), bytes);
  await cache.write(JOURNAL, utf8(JSON.stringify([...files.keys()])));
  await settle(cache);
}

/** Puts in place what a `replaceTogether` that was cut off has left. To be called before anything else is written. */
export async function settle(cache: Cache): Promise<void> {
  const listed = await listedIn(cache);
  if (listed.size === 0) return;
  for (const path of listed) {
    const bytes = await cache.read(pendingFile(path));
    if (bytes !== undefined) await cache.write(path, bytes);
  }
  await cache.write(JOURNAL, utf8('[]'));
}

/** The cache as a source for `openRegistry`, at every step of `replaceTogether`. */
export function cacheFiles(cache: Cache): ReadFile {
  let listed: ReadonlySet<string> = new Set();
  return async (path, { sha256 }) => {
    // Roots and the timestamp are read before what they name, so one look at the list serves all that follows.
    if (sha256 === undefined) listed = await listedIn(cache);
    const pending = listed.has(path) ? await cache.read(pendingFile(path)) : undefined;
    return pending ?? cache.read(path);
  };
}

/** A list that was damaged is none: what the cache then lacks is fetched. */
async function listedIn(cache: Cache): Promise<ReadonlySet<string>> {
  const bytes = await cache.read(JOURNAL);
  if (bytes === undefined) return new Set();
  try {
    return new Set(check(z.array(z.string()), parseStrictJson(fromUtf8(bytes)), 'storage-failed'));
  } catch (error) {
    if (isSymbolonError(error)) return new Set();
    throw error;
  }
}

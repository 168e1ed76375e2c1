import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { TIMESTAMP_FILE } from '../metadata/file-names.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { ObjectStore } from './object-store.ts';
import type { Publication } from './seal.ts';

const ROOT_FILE = /^metadata\/\d+\.root\.json$/;

/**
 * Publishes: new files first, which nothing points to yet, then the timestamp, by compare and swap, and a new root last. So a reader sees the
 * old registry or the new one, whole. Of two publishers on top of the same timestamp one wins, and the other has published no root either.
 *
 * With `rootFirst` (the keys before did not sign the new timestamp, so no order serves readers in between) the root goes before the timestamp: what
 * is there then is the work of the same admins, and `openDraft` can go on from it.
 *
 * Publishing the same `Publication` again finishes what broke off, and does nothing when it was finished.
 *
 * @throws SymbolonError `publication-conflict` when another publication came first: open a new draft, and sign again
 */
export async function publish(store: ObjectStore, publication: Publication): Promise<void> {
  const { timestamp, previousTimestamp, rootFirst } = publication;
  const files = [...publication.files];
  const roots = files.filter(([path]) => ROOT_FILE.test(path));
  const others = files.filter(([path]) => !ROOT_FILE.test(path));
  const before = rootFirst === true || previousTimestamp === undefined;
  for (const [path, bytes] of before ? [...others, ...roots] : others) await createOnce(store, path, bytes);
  if (previousTimestamp === undefined) await createOnce(store, TIMESTAMP_FILE, timestamp);
  else await moveTimestamp(store, timestamp, previousTimestamp);
  for (const [path, bytes] of before ? [] : roots) await createOnce(store, path, bytes);
}

/** The files of a store, as the rest of this package reads them. */
export function storeFiles(store: ObjectStore): ReadFile {
  return (path) => store.read(path);
}

async function createOnce(store: ObjectStore, path: string, bytes: Bytes): Promise<void> {
  try {
    await store.create(path, bytes);
  } catch (error) {
    if (!isSymbolonError(error) || error.code !== 'object-exists') throw error;
    // REQ-REG-020: what is there under this name is ours, or another publication was first.
    if (!(await holds(store, path, bytes))) throw new SymbolonError('publication-conflict');
  }
}

async function moveTimestamp(store: ObjectStore, timestamp: Bytes, previous: Bytes): Promise<void> {
  try {
    await store.replace(TIMESTAMP_FILE, timestamp, previous);
  } catch (error) {
    if (!isSymbolonError(error) || error.code !== 'publication-conflict') throw error;
    if (!(await holds(store, TIMESTAMP_FILE, timestamp))) throw error;
  }
}

async function holds(store: ObjectStore, path: string, bytes: Bytes): Promise<boolean> {
  const there = await store.read(path);
  return there !== undefined && equalBytes(there, bytes);
}

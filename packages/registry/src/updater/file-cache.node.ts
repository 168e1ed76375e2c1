import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Cache } from './ports.ts';

export interface FileCache extends Cache {
  remove(path: string): Promise<void>;
}

/** Files that other writers, or crashes, may have left beside one. */
const MOST_ASIDES = 64;
/** File systems take 255 bytes, of which `,63,aside` needs some. */
const LONGEST_NAME_BYTES = 240;

/**
 * The cache port on a folder that belongs to the cache alone (`retain` empties it of all else). A file is written aside, flushed, then
 * moved into place: a reader, and a crash, find the old one or the new one. A part of a path that is too long for a file's name goes by its hash.
 *
 * @throws SymbolonError `not-found` for a path that leads out of the folder, or has a comma (names with commas are the cache's own); the
 * file system's own errors
 */
export function fileCache(folder: string): FileCache {
  const pathOf = (path: string) => {
    const segments = path.split('/');
    const leadsOut = segments.some((each) => each === '' || each === '.' || each === '..');
    if (leadsOut || /[\\,]/.test(path)) throw new SymbolonError('not-found');
    return join(folder, ...segments.map(fileName));
  };
  return {
    read: (path) => readOptional(pathOf(path)),
    write: async (path, bytes) => {
      const target = pathOf(path);
      await mkdir(dirname(target), { recursive: true });
      await rename(await writeAside(target, bytes), target);
      await flushFolder(dirname(target));
    },
    remove: async (path) => {
      const target = pathOf(path);
      await rm(target, { force: true });
      await flushFolder(dirname(target));
    },
    retain: async (paths) => {
      const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing);
      const kept = new Set([...paths].map(pathOf));
      for (const entry of found) {
        const file = join(entry.parentPath, entry.name);
        if (entry.isFile() && !kept.has(file)) await rm(file);
      }
    },
  };
}

function fileName(segment: string): string {
  const bytes = utf8(segment);
  return bytes.length > LONGEST_NAME_BYTES ? `,${sha256Hex(bytes)}` : segment;
}

async function readOptional(file: string): Promise<Bytes | undefined> {
  try {
    const found = await stat(file);
    // Nothing that long was ever written here.
    if (!found.isFile() || found.size > LIMITS.bundleBytes) return undefined;
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function writeAside(target: string, bytes: Uint8Array): Promise<string> {
  for (let i = 0; i < MOST_ASIDES; i++) {
    const aside = `${target},${i},aside`;
    const file = await createFile(aside);
    if (file === undefined) continue;
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return aside;
  }
  throw new SymbolonError('storage-failed', { bound: MOST_ASIDES });
}

/** Nothing, when somebody else made it first. */
async function createFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (isCode(error, 'EEXIST')) return undefined;
    throw error;
  }
}

/** The move itself must last, too. Not every system can flush a folder: those see to it themselves. */
async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'EISDIR', 'EPERM', 'EINVAL')) throw error;
  }
}

function noneIfMissing(error: unknown): [] {
  if (isCode(error, 'ENOENT')) return [];
  throw error;
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isExpected, type ReadFile } from '@symbolon/registry/source';
import { isFault, MODE, replaceFile } from '../files/write-file.ts';

/**
 * Files of a registry whose hash is known before they are read do not change: each is fetched once, and kept in a folder. What is kept is held to the hash like what is
 * fetched.
 */
export function keptFiles(read: ReadFile, folder: string): ReadFile {
  return async (path, expected) => {
    if (expected.sha256 === undefined) return read(path, expected);
    const file = join(folder, `${expected.sha256}`);
    const kept = await kindly(() => readFile(file));
    if (kept !== undefined) {
      const bytes = new Uint8Array(kept);
      if (isExpected(bytes, expected)) return bytes;
    }
    const bytes = await read(path, expected);
    if (bytes !== undefined && isExpected(bytes, expected)) {
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, bytes, MODE.open);
    }
    return bytes;
  };
}

async function kindly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isFault(error, 'ENOENT')) return undefined;
    throw error;
  }
}

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFault } from '../files/write-file.ts';

/** Makes a folder, and those above it. Unlike `mkdir` with `recursive` it ends where the system lets nobody make one, as in `/proc`. @throws the file system's own error */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (isFault(error, 'EEXIST')) return;
    const above = dirname(path);
    if (!isFault(error, 'ENOENT') || above === path) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}

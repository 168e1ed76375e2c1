import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bytes } from '@symbolon/protocol/bytes';

/** Writes the files of a registry into `registry/` of a folder, as they would be served. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, Bytes>): Promise<void> {
  for (const [path, bytes] of files) {
    const target = join(folder, 'registry', path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}

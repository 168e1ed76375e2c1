import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bytes } from '@symbolon/protocol/bytes';

/** The repository that python-tuf made (test/vectors/python-tuf/make.py). */
export const PYTHON_TUF = fileURLToPath(new URL('../vectors/python-tuf', import.meta.url));

/** Its files by path: `metadata/...`, `targets/...`. */
export async function pythonTufFiles(): Promise<ReadonlyMap<string, Bytes>> {
  const files = new Map<string, Bytes>();
  for (const folder of ['metadata', 'targets']) {
    const entries = await readdir(join(PYTHON_TUF, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.set(relative(PYTHON_TUF, path), new Uint8Array(await readFile(path)));
    }
  }
  return files;
}

import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFault } from './write-file.ts';

const OPEN = 0o755;

/** Makes a folder in `top` (or `top` itself) that others can read, whatever the umask says. What is there already stays as it is. */
export async function makeOpenFolder(top: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  const outermost = first.length > top.length ? first : top;
  for (let path = folder; path.length >= outermost.length; path = dirname(path)) {
    await chmod(path, OPEN).catch((error: unknown) => {
      // File systems of USB sticks know no rights.
      if (!isFault(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error;
    });
  }
}

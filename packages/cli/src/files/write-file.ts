import { link, open, rename, unlink } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';

/** What a file may be read by: everyone, or its owner only. */
export const MODE = { open: 0o644, secret: 0o600 } as const;

/**
 * Writes a file that is not there yet, whole or not at all. Its mode holds from its first byte on.
 *
 * @throws SymbolonError `object-exists`; it is then left as it was
 */
export async function createFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const aside = await writeAside(path, content, mode);
  try {
    await link(aside, path);
  } catch (error) {
    if (isFault(error, 'EEXIST')) throw new SymbolonError('object-exists');
    // File systems of USB sticks know no links.
    if (!isFault(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error;
    await writeOnce(path, content, mode);
  } finally {
    await unlink(aside);
  }
}

/** Writes over a file, or makes it: readers see the old one or the new one, whole. */
export async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await rename(await writeAside(path, content, mode), path);
}

async function writeAside(path: string, content: string | Uint8Array, mode: number): Promise<string> {
  const aside = `${path}.${crypto.randomUUID()}.tmp`;
  await writeNew(aside, content, mode);
  return aside;
}

async function writeOnce(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  try {
    await writeNew(path, content, mode);
  } catch (error) {
    throw isFault(error, 'EEXIST') ? new SymbolonError('object-exists') : error;
  }
}

async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    // Whatever the umask took away: an event is handed to others.
    await file.chmod(mode).catch((error: unknown) => {
      // File systems of USB sticks know no rights.
      if (!isFault(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error;
    });
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

export function isFault(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

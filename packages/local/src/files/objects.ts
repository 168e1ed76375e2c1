import { link, mkdir, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from '@symbolon/registry/object-store';

/** Rights of what is written: public files as the machine is set up, secrets for their owner only. */
const RIGHTS = {
  public: { folder: 0o777, file: 0o666 },
  secret: { folder: 0o700, file: 0o600 },
} as const;
type Rights = (typeof RIGHTS)[keyof typeof RIGHTS];

/**
 * The object port on a folder. A reader sees the old file or the new one whole: written aside, flushed, then moved into place. A
 * replacement holds a lock file of its own, so two writers cannot both win.
 */
export function fileObjects(
  folder: URL,
  { secret = false }: { readonly secret?: boolean } = {},
): ObjectStore {
  const rights = secret ? RIGHTS.secret : RIGHTS.public;
  const root = fileURLToPath(folder);
  const pathOf = (path: string) => {
    const full = normalize(join(root, path));
    if (!full.startsWith(root.endsWith(sep) ? root : root + sep)) throw new SymbolonError('not-found');
    return full;
  };
  const read = async (path: string) => {
    try {
      return new Uint8Array(await readFile(pathOf(path)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    read,
    create: async (path, bytes) => {
      const target = pathOf(path);
      const written = await writeAside(target, bytes, rights);
      try {
        // A link fails where a file is: create exactly once, even between processes.
        await link(written, target);
      } catch (error) {
        if (isCode(error, 'EEXIST')) throw new SymbolonError('object-exists');
        throw error;
      } finally {
        await unlink(written);
      }
    },
    replace: async (path, bytes, previous) => {
      const target = pathOf(path);
      await withLock(target, async () => {
        const current = await read(path);
        if (current === undefined || !equalBytes(current, previous))
          throw new SymbolonError('publication-conflict');
        await rename(await writeAside(target, bytes, rights), target);
      });
    },
  };
}

async function writeAside(target: string, bytes: Uint8Array, rights: Rights): Promise<string> {
  await mkdir(dirname(target), { recursive: true, mode: rights.folder });
  const path = `${target}.${crypto.randomUUID()}.tmp`;
  const file = await open(path, 'wx', rights.file);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

/** A lock whose holder has died would block for ever, so it names its process and is taken over when that is gone. */
async function withLock(target: string, work: () => Promise<void>): Promise<void> {
  const lock = `${target}.lock`;
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST') || attempt > 0)
        throw isCode(error, 'EEXIST') ? new SymbolonError('publication-conflict') : error;
      if (await holderLives(lock)) throw new SymbolonError('publication-conflict');
      await rm(lock, { force: true });
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function holderLives(lock: string): Promise<boolean> {
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  return isAlive(pid);
}

/** Whether a process of this id runs. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isMissing(error: unknown): boolean {
  return isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR') || isCode(error, 'EISDIR');
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

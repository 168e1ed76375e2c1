import { access, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import { isAlive, isCode } from '../files/objects.ts';

/** What a data folder is, and which network it holds. */
const FORM = 4;
const Marker = z.object({ symbolonData: z.literal(FORM), port: z.int() });
const AnyMarker = z.object({ symbolonData: z.int() });
/** Names that nothing else has, so that a folder of another kind is never taken for one of ours. */
const MARKER = 'symbolon-network.json';
const MAKING = 'symbolon-making';
const LOCK = 'symbolon.lock';
/** What a network puts into its folder. Nothing else in it is ever touched. */
const OWN = [
  MARKER,
  MAKING,
  'dynamodb',
  'epoch-keys',
  'gate-in-guangdong',
  'keys',
  'log-state',
  'logs',
  'regions',
  'registry',
  'secrets',
  'verifier',
  'witnesses',
];
/** What other commands keep in a folder of the same name in the home folder. */
const NEIGHBOURS = ['trust', 'state', 'wallet.json'];

/** A fault of the data folder, told in one sentence. Nothing in the folder is changed when it is thrown. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** A folder that was a network and cannot be used as it is. */
export function damaged(path: string, what: string): DataFolderError {
  return new DataFolderError(
    `The data folder ${path} is damaged (${what}). Nothing was changed: restore it, or start afresh with --reset.`,
  );
}

export interface DataFolder {
  readonly path: string;
  /** The port that the network was made for: it is part of signed files. Absent until `settle`. */
  readonly port: number | undefined;
  file(...parts: readonly string[]): string;
  url(...parts: readonly string[]): URL;
  /** Marks the folder as whole: what was made so far is kept from now on. */
  settle(port: number): Promise<void>;
  release(): Promise<void>;
}

/**
 * Opens or makes a data folder and locks it for this process. A folder that was left half made is made anew; a folder that is not ours, or is
 * damaged, is left as it is.
 *
 * @throws DataFolderError
 */
export async function openDataFolder(path: string, reset: boolean): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch(() => {
    throw new DataFolderError(`The data folder ${path} cannot be made: give another one with --data.`);
  });
  await lock(path);
  try {
    const marker = reset ? await resettable(path) : await readMarker(path);
    const foreign = marker === undefined && !(await exists(join(path, MAKING))) && (await hasContent(path));
    if (foreign)
      throw new DataFolderError(
        `${path} has files that are not a Symbolon network: give another folder with --data.`,
      );
    if (reset || marker === undefined) await clear(path);
    return folderAt(path, marker?.port);
  } catch (error) {
    await rm(join(path, LOCK), { force: true });
    throw error;
  }
}

function folderAt(path: string, port: number | undefined): DataFolder {
  const file = (...parts: readonly string[]) => join(path, ...parts);
  return {
    path,
    port,
    file,
    url: (...parts) => pathToFileURL(file(...parts)),
    settle: async (settledPort) => {
      await writeFile(file(MARKER), `${JSON.stringify({ symbolonData: FORM, port: settledPort })}\n`, {
        flush: true,
      });
      await rm(file(MAKING), { force: true });
    },
    release: () => rm(file(LOCK), { force: true }),
  };
}

async function lock(path: string): Promise<void> {
  const file = join(path, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST'))
        throw new DataFolderError(`The data folder ${path} cannot be written to.`);
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (isAlive(pid))
      throw new DataFolderError(
        `Another Symbolon network (process ${pid}) uses ${path}: stop it first, or give another folder with --data.`,
      );
    // Its owner was killed: nobody holds it any more.
    await rm(file, { force: true });
  }
  throw new DataFolderError(`The data folder ${path} is locked by another process.`);
}

async function readMarker(path: string): Promise<z.output<typeof Marker> | undefined> {
  const text = await readFile(join(path, MARKER), 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let marker: unknown;
  try {
    marker = JSON.parse(text);
  } catch {
    throw damaged(path, `${MARKER} cannot be read`);
  }
  const read = Marker.safeParse(marker);
  if (read.success) return read.data;
  const any = AnyMarker.safeParse(marker);
  if (any.success && any.data.symbolonData !== FORM)
    throw new DataFolderError(
      `The data folder ${path} was made by another version of Symbolon. Nothing was changed: start afresh with --reset, or give another folder with --data.`,
    );
  throw damaged(path, `${MARKER} cannot be read`);
}

/** A reset needs no readable marker, but it does need one: a folder that never was a network is not emptied. */
async function resettable(path: string): Promise<{ port: undefined } | undefined> {
  return (await exists(join(path, MARKER))) ? { port: undefined } : undefined;
}

async function clear(path: string): Promise<void> {
  // The marker goes first and the sign of work comes before anything is made: an interruption here is seen by the next start.
  await rm(join(path, MARKER), { force: true });
  await writeFile(join(path, MAKING), '');
  for (const name of OWN) if (name !== MAKING) await rm(join(path, name), { recursive: true, force: true });
}

async function hasContent(path: string): Promise<boolean> {
  return (await readdir(path)).some((name) => name !== LOCK && !NEIGHBOURS.includes(name));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

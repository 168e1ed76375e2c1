import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { readAtMost } from '@symbolon/registry/read-stream';
import { fileFaultOf } from '../files/file-fault.ts';
import { isFault } from '../files/write-file.ts';
import { UsageError } from '../usage-error.ts';

/** For one file, from the request to its last byte. */
const TIMEOUT_MILLISECONDS = 15_000;
/** Servers of static files answer 403 for a missing one when listing is not allowed. */
const ABSENT: readonly number[] = [403, 404, 410];
/** How long to wait before each further try. */
const AGAIN_MILLISECONDS = [250, 1_000, 3_000];
const AT_ONCE = 8;
/** Leaves of one bundle, each at its largest. */
const BUNDLE_BYTES = 256 * (LIMITS.leafBytes + 2);

export interface Fetching {
  /** Ends every request: the user has had enough. */
  readonly stop: AbortSignal;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** The files of a log at its URL: bounded in size and time, a few at a time, tried again when the server fails. Redirects are refused. */
export function webLog(url: string, { stop, pause }: Fetching): ReadLogFile {
  const base = url.replace(/\/+$/, '');
  const inTurn = atMost(AT_ONCE);
  return (path) =>
    inTurn(async () => {
      for (const wait of [...AGAIN_MILLISECONDS, undefined]) {
        const answer = await once(`${base}/${path}`, maxBytesOf(path), stop);
        if (answer !== 'again') return answer;
        if (wait === undefined || stop.aborted) break;
        await pause(wait);
      }
      throw new SymbolonError('log-missing', { path });
    });
}

/** @returns nothing when there is no such file, `again` when it may work another time */
async function once(url: string, maxBytes: number, stop: AbortSignal): Promise<Bytes | undefined | 'again'> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
      cache: 'no-store',
      redirect: 'error',
    });
    if (response.ok && response.body !== null)
      return await readAtMost(response.body, maxBytes, 'tile-malformed');
    await response.body?.cancel();
    if (ABSENT.includes(response.status)) return undefined;
    return 'again';
  } catch (error) {
    if (isSymbolonError(error)) throw error;
    return 'again';
  }
}

/**
 * The copy of a log in a folder: `<folder>/<origin>/checkpoint`.
 *
 * @throws UsageError when an origin would lead out of the folder
 */
export function folderLog(folder: string, origin: string): ReadLogFile {
  const segments = origin.split('/');
  if (segments.some((segment) => /^\.+$/.test(segment)))
    throw new UsageError('The origin of a log cannot be a path here: give its URL instead of --logs.');
  return async (path) => {
    try {
      return await readWhole(join(folder, ...segments, path), path);
    } catch (error) {
      if (isFault(error, 'ENOENT', 'ENOTDIR')) return undefined;
      // One file that cannot be read is that log's fault, and no other's.
      if (fileFaultOf(error) !== undefined) throw new SymbolonError('log-missing', { path });
      throw error;
    }
  };
}

/** @throws SymbolonError `tile-malformed` when it is larger than such a file can be, or no file: a pipe may have no end */
async function readWhole(place: string, path: string): Promise<Bytes> {
  const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > maxBytesOf(path)) throw new SymbolonError('tile-malformed', { path });
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

function maxBytesOf(path: string): number {
  if (path.startsWith('tile/entries/')) return BUNDLE_BYTES;
  return path.startsWith('tile/') ? 256 * 32 : LIMITS.checkpointBytes;
}

/** Runs work as it comes, so many at once. */
function atMost(bound: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= bound) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

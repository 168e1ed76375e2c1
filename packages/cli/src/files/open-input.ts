import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { note } from '../output/terminal.ts';
import { ToldError } from '../told-error.ts';

/** After that a named pipe that nobody writes to is given up: whoever starts both ends by hand has done so by then. */
const LONGEST_WAIT_SECONDS = 60;
/** A program that writes into a pipe needs a moment to start, and nobody needs to be told of that. */
const TOLD_AFTER_MILLISECONDS = 1_000;

export interface Input {
  readonly stream: Readable;
  /** In bytes, of a file. A pipe and a device have none. */
  readonly size?: number;
}

export interface InputOptions {
  /** Ends the wait for a named pipe that nobody writes to: a minute, when left out. */
  readonly giveUp?: AbortSignal;
}

/**
 * A file to read, or for `-` standard input.
 *
 * @throws SymbolonError `input-unreadable` for a named pipe that nobody writes to; the file system's own error
 */
export async function openInput(path: string, options: InputOptions = {}): Promise<Input> {
  if (path === '-') return { stream: process.stdin };
  const found = await stat(path);
  if (found.isFIFO()) return { stream: await openPipe(path, options) };
  return { stream: createReadStream(path), ...(found.isFile() && { size: found.size }) };
}

/**
 * An open that waits for a writer would wait in a thread that nothing can call back, so that not even the process could end. This one does not wait, and a socket,
 * which can be closed, waits for the first byte or the end.
 */
async function openPipe(
  path: string,
  { giveUp = AbortSignal.timeout(1000 * LONGEST_WAIT_SECONDS) }: InputOptions,
): Promise<Readable> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const pipe = new Socket({ fd, readable: true, writable: false });
  const telling = setTimeout(tell, TOLD_AFTER_MILLISECONDS);
  try {
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(new ToldError('input-unreadable', 'Nobody writes to the named pipe.'));
      if (giveUp.aborted) stop();
      giveUp.addEventListener('abort', stop, { once: true });
      pipe.once('readable', resolve).once('error', reject);
    });
    return pipe;
  } catch (error) {
    pipe.destroy();
    throw error;
  } finally {
    clearTimeout(telling);
  }
}

/** On a terminal only, where somebody wonders. */
function tell(): void {
  if (process.stderr.isTTY) note('Waiting for someone to write to the named pipe.');
}

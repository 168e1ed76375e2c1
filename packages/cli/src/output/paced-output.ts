import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** An output whose reader sets the pace. */
export interface PacedOutput {
  /** When nothing can be written any more, whyever. */
  readonly gone: Promise<void>;
  /** Answers when there is room for more, when nothing can be written any more, or when the run is to end. */
  readonly write: (text: string) => Promise<void>;
  /** Answers whether all was written, as soon as that is known; at an interrupt as far as it is known. */
  readonly end: () => Promise<boolean>;
}

/**
 * Writes as fast as someone reads, and notices who has stopped (`| head`).
 *
 * @param interrupted ends every wait: a reader may be stuck
 */
export function pacedOutput(output: Writable, interrupted: Promise<void>): PacedOutput {
  let isGone = false;
  let isEnding = false;
  const gone = new Promise<void>((resolve) => {
    output.once('error', () => {
      isGone = true;
      resolve();
    });
  });
  const ending = Promise.race([gone, interrupted]).then(() => {
    isEnding = true;
  });
  return {
    gone,
    write: async (text) => {
      if (output.write(text) || isEnding) return;
      const drained = once(output, 'drain').then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([drained, ending]);
    },
    end: async () => {
      const flushed = new Promise<void>((resolve) => output.write('', () => resolve()));
      await Promise.race([flushed, ending]);
      // A file's error comes after the write that failed.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return !isGone;
    },
  };
}

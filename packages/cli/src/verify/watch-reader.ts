import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface WatchedReader {
  /** When nobody reads any more. */
  readonly gone: Promise<void>;
  /** Answers when there is room for more, or nobody reads. */
  readonly write: (text: string) => Promise<void>;
}

/** Writes as fast as someone reads, and notices who has stopped (`| head`). */
export function watchReader(output: Writable): WatchedReader {
  const gone = new Promise<void>((resolve) => {
    output.once('error', () => resolve());
  });
  return {
    gone,
    write: async (text) => {
      if (output.write(text)) return;
      const drained = once(output, 'drain').then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([drained, gone]);
    },
  };
}

import { EXIT } from '../exit-code.ts';
import { isFault } from '../files/write-file.ts';
import { note } from './terminal.ts';

export interface WatchedOutput {
  /** The exit code, once all that was printed is out: what a command decided, unless that was a success that nobody could be told of. */
  exitCode(decided: number): Promise<number>;
}

/**
 * Takes note of an output that cannot be written, instead of ending there: a command that signs or publishes is not cut short because its reader
 * went away (`symbolon ... | head`), and that is no fault.
 */
export function watchOutput(): WatchedOutput {
  let isLost = false;
  process.stdout.on('error', (error) => {
    if (isFault(error, 'EPIPE') || isLost) return;
    isLost = true;
    note(`Standard output cannot be written (${codeOf(error)}).`);
  });
  process.stderr.on('error', () => undefined);
  return {
    exitCode: async (decided) => {
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      // A file's error comes after the write that failed.
      await new Promise<void>((resolve) => setImmediate(resolve));
      // A command that only writes says so itself: it did nothing else.
      if (isLost && decided !== EXIT.cannotWrite) note('What was to be done went on without it.');
      return isLost && decided === EXIT.accepted ? EXIT.cannotWrite : decided;
    },
  };
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : 'unknown';
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { SymbolonError } from '@symbolon/protocol/errors';
import { FileFault } from '../../files/file-fault.ts';

/** Longer than any fact: what has no line end is no JSON Lines file. */
const LONGEST_LINE = 64 * 1024;
const LINE_FEED = 0x0a;

export interface Line {
  /** Counted from 1, blank lines too. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The lines of a file, some at a time: the file is never in memory. Blank lines are counted and left out. Its SHA-256, in lower-case hex, is known at the end.
 *
 * @throws SymbolonError `input-unreadable` with the number of a line that is too long; the file system's own error
 */
export async function* readLines(
  path: string,
  onHash: (sha256: string) => void,
): AsyncGenerator<readonly Line[]> {
  const hash = createHash('sha256');
  let rest: Uint8Array = new Uint8Array();
  let number = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    if (!(chunk instanceof Uint8Array)) throw new FileFault('The file cannot be read.');
    hash.update(chunk);
    const bytes = rest.length === 0 ? chunk : new Uint8Array(Buffer.concat([rest, chunk]));
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      number++;
      pushLine(lines, number, bytes.subarray(from, end));
      from = end + 1;
    }
    // A copy: the stream reuses nothing, but a slice would keep the whole chunk.
    rest = bytes.slice(from);
    if (rest.length > LONGEST_LINE) throw tooLong(number + 1);
    if (lines.length > 0) yield lines;
  }
  const last: Line[] = [];
  pushLine(last, number + 1, rest);
  if (last.length > 0) yield last;
  onHash(hash.digest('hex'));
}

function pushLine(lines: Line[], number: number, bytes: Uint8Array): void {
  if (bytes.length > LONGEST_LINE) throw tooLong(number);
  if (bytes.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d)) lines.push({ number, bytes });
}

function tooLong(number: number): SymbolonError {
  return new SymbolonError('input-unreadable', { path: `line ${number}`, bound: LONGEST_LINE });
}

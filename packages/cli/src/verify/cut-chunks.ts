import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';

/** Some whole lines. */
export interface Chunk {
  /** The number of the first one, from 1. */
  readonly firstLine: number;
  /** With their ends. The very last line of a file may have none. */
  readonly bytes: Bytes;
}

export interface CutChunk extends Chunk {
  /** How much of the input has come by now, in bytes. */
  readonly received: number;
}

const LINE_FEED = 0x0a;

/**
 * Cuts a stream into chunks of whole lines, as they come: never more than one piece of the stream and one line are held. Of a line that is longer than a line may
 * be, so much is kept that whoever reads it sees that.
 */
export async function* cutChunks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<CutChunk> {
  let rest: Bytes = new Uint8Array();
  let firstLine = 1;
  let received = 0;
  for await (const piece of stream) {
    received += piece.length;
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest = withMore(rest, piece);
      continue;
    }
    const bytes = concatBytes(rest, piece.subarray(0, end));
    const lines = countLines(bytes);
    yield { firstLine, bytes, received };
    firstLine += lines;
    rest = withMore(new Uint8Array(), piece.subarray(end));
  }
  if (rest.length > 0) yield { firstLine, bytes: rest, received };
}

function withMore(rest: Bytes, piece: Uint8Array): Bytes {
  const room = LIMITS.manifestLineBytes + 1 - rest.length;
  return room > 0 ? concatBytes(rest, piece.subarray(0, room)) : rest;
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

/** The lines of a chunk, without their ends, each with its number. */
export function* linesOf({ firstLine, bytes }: Chunk): Generator<{ line: number; bytes: Uint8Array }> {
  let line = firstLine;
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
    yield { line: line++, bytes: bytes.subarray(from, end) };
    from = end + 1;
  }
  if (from < bytes.length) yield { line, bytes: bytes.subarray(from) };
}

import { LIMITS } from '@symbolon/protocol/limits';
import type { BatchLine } from './input-line.ts';

export type NumberedLine = BatchLine & { readonly number: number };

/** What is signed is base64url of JSON: four characters for three bytes, beside header, signature and the other claims. */
const OTHER_CHARS = 4096;
const MOST_BYTES = Math.floor(((LIMITS.statementBytes - OTHER_CHARS) * 3) / 4);

/** Lines, in their order, of one signed batch. */
export interface Splitter {
  /** Takes a line; answers the batch that is full by it, if one is. */
  add(line: NumberedLine): readonly NumberedLine[] | undefined;
  /** What is left. */
  rest(): readonly NumberedLine[];
}

/**
 * Splits lines into batches of at most `most`, and below the bound of a statement. Neighbouring lines of one subject stay together where they can: a correction is
 * a retraction and a new fact, and between two batches the subject would have neither. Where a batch ends follows from where it begins, so a run that goes on makes
 * the same batches.
 */
export function splitter(most: number, mostBytes = MOST_BYTES): Splitter {
  const open: Measured[] = [];
  let bytes = 0;
  const take = (count: number) => {
    const batch = open.splice(0, count).map(({ line }) => line);
    bytes = sum(open);
    return batch;
  };
  return {
    add: (line) => {
      const next = { line, bytes: Buffer.byteLength(JSON.stringify(line.json)) + 1 };
      const isFull = open.length > 0 && (open.length >= most || bytes + next.bytes > mostBytes);
      const batch = isFull ? take(endBefore(open, next, mostBytes)) : undefined;
      open.push(next);
      bytes += next.bytes;
      return batch;
    },
    rest: () => take(open.length),
  };
}

interface Measured {
  readonly line: NumberedLine;
  readonly bytes: number;
}

/** How many lines end here: all, or those before the subject that the next line is about, too. */
function endBefore(open: readonly Measured[], next: Measured, mostBytes: number): number {
  const border = open.findLastIndex(({ line }) => line.who !== next.line.who) + 1;
  const isKeptTogether = border > 0 && sum(open.slice(border)) + next.bytes <= mostBytes;
  return isKeptTogether ? border : open.length;
}

function sum(lines: readonly Measured[]): number {
  return lines.reduce((total, { bytes }) => total + bytes, 0);
}

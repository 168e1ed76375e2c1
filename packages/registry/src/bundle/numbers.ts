import { SymbolonError } from '@symbolon/protocol/errors';

/*
 * Whole numbers below 2^31 in as few bytes as they need: seven bits each, the lowest first, and the top bit of all but the last is set.
 */

export class NumberReader {
  private readonly bytes: Uint8Array;
  private at: number;
  private readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get position(): number {
    return this.at;
  }

  get isAtEnd(): boolean {
    return this.at === this.end;
  }

  /** @throws SymbolonError `bundle-malformed` past the end, and for a number that has a shorter form */
  next(): number {
    let value = 0;
    for (let shift = 0; shift <= 28 && this.at < this.end; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        const isShortest = shift === 0 || byte > 0;
        if (!isShortest || (shift === 28 && byte > 7)) break;
        return value;
      }
    }
    throw new SymbolonError('bundle-malformed');
  }
}

/** A signed number as one without a sign: 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { MAGIC } from './form.ts';
import { NumberReader } from './numbers.ts';

/** The parts of an inflated bundle. */
export interface Sections {
  /** Bytes of all that comes out. */
  readonly textBytes: number;
  readonly files: number;
  readonly operations: NumberReader;
  readonly literals: Section;
  readonly binary: Section;
}

/** @throws SymbolonError `bundle-malformed`, `bundle-too-large` */
export function sectionsOf(packed: Bytes): Sections {
  if (!MAGIC.every((byte, i) => packed[i] === byte)) throw new SymbolonError('bundle-malformed');
  const head = new NumberReader(packed, MAGIC.length, packed.length);
  const [textBytes, files, operationBytes, literalBytes] = [
    head.next(),
    head.next(),
    head.next(),
    head.next(),
  ];
  // REQ-BUN-002: bounded before the work is done.
  checkBound(textBytes, LIMITS.bundleBytes);
  checkBound(files, LIMITS.bundleFiles);
  const literals = head.position + operationBytes;
  const binary = literals + literalBytes;
  if (binary > packed.length) throw new SymbolonError('bundle-malformed');
  return {
    textBytes,
    files,
    operations: new NumberReader(packed, head.position, literals),
    literals: new Section(literals, binary),
    binary: new Section(binary, packed.length),
  };
}

/** @throws SymbolonError `bundle-too-large` */
export function checkBound(value: number, bound: number): void {
  if (value > bound) throw new SymbolonError('bundle-too-large', { bound });
}

/** A part that is used up from its beginning to its end. */
export class Section {
  private at: number;
  private readonly end: number;

  constructor(start: number, end: number) {
    this.at = start;
    this.end = end;
  }

  get isUsedUp(): boolean {
    return this.at === this.end;
  }

  /** Where the next n bytes begin. @throws SymbolonError `bundle-malformed` when there are not so many */
  take(n: number): number {
    const start = this.at;
    this.at += n;
    if (this.at > this.end) throw new SymbolonError('bundle-malformed');
    return start;
  }
}

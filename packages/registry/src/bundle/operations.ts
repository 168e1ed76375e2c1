import type { Bytes } from '@symbolon/protocol/bytes';
import { ByteSink } from './byte-sink.ts';
import { DIGEST_CHARS, MAGIC, OP } from './form.ts';
import { zigzag } from './numbers.ts';
import type { Token } from './tokens.ts';

/** Collects the operations that tell a text. All but `end` answer where in the text they leave off. */
export class Operations {
  private readonly text: Bytes;
  private readonly numbers = new ByteSink();
  private readonly literals = new ByteSink();
  private readonly binary = new ByteSink();
  /** Since where nothing was told yet. */
  private pending = 0;
  private told = 0;
  private nextTold = 0;
  private lastDistance = 0;

  constructor(text: Bytes) {
    this.text = text;
  }

  /** How far back the last copy was taken from. */
  get distance(): number {
    return this.lastDistance;
  }

  /** One byte as it stands. */
  literal(at: number): number {
    this.told = at + 1;
    return this.told;
  }

  copy(at: number, length: number, distance: number): number {
    this.add(OP.copy, length);
    this.numbers.appendNumber(zigzag(distance - this.lastDistance));
    this.lastDistance = distance;
    return this.tell(at + length);
  }

  token(at: number, { operation, bytes, start, end }: Token): number {
    this.add(operation, bytes.length);
    this.binary.append(bytes);
    return this.tell(at + end - start);
  }

  digest(at: number, file: number): number {
    this.add(OP.digest, zigzag(file - this.nextTold));
    this.nextTold = file + 1;
    return this.tell(at + DIGEST_CHARS);
  }

  end(): void {
    this.add(OP.end, 0);
  }

  packed(files: number): Bytes {
    this.tellLiterals();
    const { text, numbers, literals, binary } = this;
    const packed = new ByteSink();
    packed.append(MAGIC);
    for (const number of [text.length, files, numbers.length, literals.length]) packed.appendNumber(number);
    for (const part of [numbers, literals, binary]) packed.append(part.collected());
    return packed.collected();
  }

  private add(operation: number, n: number): void {
    this.tellLiterals();
    this.numbers.appendNumber(n * 8 + operation);
  }

  private tellLiterals(): void {
    if (this.pending === this.told) return;
    this.numbers.appendNumber((this.told - this.pending) * 8 + OP.literal);
    this.literals.append(this.text.subarray(this.pending, this.told));
    this.pending = this.told;
  }

  private tell(to: number): number {
    this.told = to;
    this.pending = to;
    return to;
  }
}

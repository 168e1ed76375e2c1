import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** Writes numbers bit by bit, the most significant bit first. */
export class BitWriter {
  readonly #out: number[] = [];
  #length = 0;

  /** @param bits 0 to 31 */
  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) this.#push((value >>> bit) & 1);
  }

  /** So many ones, and a zero. */
  writeOnes(count: number): void {
    for (let i = 0; i < count; i++) this.#push(1);
    this.#push(0);
  }

  bytes(): Bytes {
    return Uint8Array.from(this.#out);
  }

  #push(bit: number): void {
    const at = this.#length >> 3;
    this.#out[at] = (this.#out[at] ?? 0) | (bit << (7 - (this.#length & 7)));
    this.#length++;
  }
}

/** Reads what a BitWriter wrote. @throws SymbolonError `status-list-malformed` where there is no more */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(bits: number): number {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) value = (value << 1) | this.#next();
    return value;
  }

  readOnes(): number {
    let count = 0;
    while (this.#next() === 1) count++;
    return count;
  }

  /** Nothing is left but zeros up to the end of this byte. */
  end(): void {
    if (this.#at <= (this.#bytes.length - 1) * 8) throw new SymbolonError('status-list-malformed');
    while (this.#at < this.#bytes.length * 8)
      if (this.#next() !== 0) throw new SymbolonError('status-list-malformed');
  }

  #next(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new SymbolonError('status-list-malformed');
    return (byte >> (7 - (this.#at++ & 7))) & 1;
  }
}

import type { Bytes } from '@symbolon/protocol/bytes';

/** Collects bytes, however many pieces they come in. */
export class ByteSink {
  private bytes: Bytes = new Uint8Array(1024);
  private used = 0;

  get length(): number {
    return this.used;
  }

  append(bytes: Uint8Array): void {
    this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** A whole number below 2^31, as `NumberReader` reads it. */
  appendNumber(value: number): void {
    this.makeRoom(5);
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.bytes[this.used++] = (rest & 0x7f) | 0x80;
    this.bytes[this.used++] = rest;
  }

  /** What was collected. */
  collected(): Bytes {
    return this.bytes.slice(0, this.used);
  }

  private makeRoom(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.used + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** How many bytes are looked up at once. */
const WINDOW = 16;
/** A shorter match is not worth two numbers: gzip says it in less. */
const LEAST = 32;
/** From as far back as the last copy, which is told by one byte. */
const LEAST_FROM_THERE = 12;
/** How much longer another match must be to be worth going elsewhere, and back again. */
const WORTH_GOING = 24;
const SLOTS = 2 ** 18;

export interface Match {
  readonly length: number;
  readonly distance: number;
}

/** Finds what was said before, anywhere before: gzip looks back 32 KiB, and repeats 258 bytes at the most. */
export class Matches {
  private readonly bytes: Uint8Array;
  /** The latest place of each window, by its hash. */
  private readonly latest = new Int32Array(SLOTS).fill(-1);
  private known = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /**
   * The match at `at` that is worth a copy, as far as `end`; to be asked for with rising `at`.
   *
   * @param distance how far back the last copy was taken from
   */
  find(at: number, end: number, distance: number): Match | undefined {
    for (; this.known < at; this.known++) this.latest[this.slot(this.known)] = this.known;
    const there = this.lengthOf(at, end, distance);
    const elsewhere = at - (this.latest[this.slot(at)] ?? -1);
    const length = this.lengthOf(at, end, elsewhere);
    if (there >= LEAST_FROM_THERE && there + WORTH_GOING >= length) return { length: there, distance };
    return length >= LEAST ? { length, distance: elsewhere } : undefined;
  }

  private lengthOf(at: number, end: number, distance: number): number {
    const { bytes } = this;
    if (distance < 1 || distance > at) return 0;
    let to = at;
    while (to < end && bytes[to] === bytes[to - distance]) to++;
    return to - at;
  }

  /** FNV-1a of the window. */
  private slot(at: number): number {
    let hash = 0x811c9dc5;
    for (let i = at; i < at + WINDOW; i++) hash = Math.imul(hash ^ (this.bytes[i] ?? 0), 0x01000193);
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }
}

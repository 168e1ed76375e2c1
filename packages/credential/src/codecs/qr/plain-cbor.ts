/*
 * Deterministic CBOR (RFC 8949, section 4.2) of what the packings of the profile consist of: whole numbers, bytes, ASCII texts, arrays, `true`, `false`, `null`.
 * It takes a fifth of the time of a library for all of CBOR. It knows good bytes only: whatever else there is, is left to cbor.ts.
 */

const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY] = [0, 1, 2, 3, 4] as const;
const [FALSE, TRUE, NULL] = [0xf4, 0xf5, 0xf6] as const;

/** From these on, a number needs 1, 2, 4 and 8 bytes more. */
const [ONE, TWO, FOUR, EIGHT] = [24, 2 ** 8, 2 ** 16, 2 ** 32] as const;

/** @returns the one item that the bytes are, as cbor.ts reads it; undefined when it is for cbor.ts to say */
export function readPlainCbor(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const item = reader.item();
  return reader.at === bytes.length ? item : undefined;
}

/** Bytes are as many as a QR text holds, and each item takes one at least: so neither number nor nesting is without bound. */
class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  item(): unknown {
    const first = this.#bytes[this.at++];
    if (first === NULL) return null;
    if (first === TRUE || first === FALSE) return first === TRUE;
    const value = first === undefined ? undefined : this.#argument(first & 0x1f);
    if (first === undefined || value === undefined) return undefined;
    switch (first >> 5) {
      case UNSIGNED:
        return value;
      case NEGATIVE:
        return -1 - value;
      case BYTES:
        return this.#take(value);
      case TEXT:
        return asciiOf(this.#take(value));
      case ARRAY:
        return this.#items(value);
      default:
        return undefined;
    }
  }

  #items(count: number): unknown[] | undefined {
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) {
      const item = this.item();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  /** In its shortest form. */
  #argument(short: number): number | undefined {
    if (short < ONE) return short;
    if (short > 26) return undefined;
    const [width, least] = short === 24 ? [1, ONE] : short === 25 ? [2, TWO] : [4, FOUR];
    let value = 0;
    for (const end = this.at + width; this.at < end; this.at++)
      value = value * 256 + (this.#bytes[this.at] ?? 0);
    return value < least || this.at > this.#bytes.length ? undefined : value;
  }

  #take(length: number): Uint8Array | undefined {
    const start = this.at;
    this.at += length;
    return this.at > this.#bytes.length ? undefined : this.#bytes.subarray(start, this.at);
  }
}

function asciiOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  let text = '';
  for (const code of bytes) {
    if (code >= 0x80) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}

/** Whether cbor.ts would write exactly these bytes of the value. False also when that is for cbor.ts to say. */
export function isPlainCborOf(value: unknown, bytes: Uint8Array): boolean {
  return endOf(value, bytes, 0) === bytes.length;
}

/** Where the bytes of a value that begins at `at` end, or -1 when these are not its bytes. */
function endOf(value: unknown, bytes: Uint8Array, at: number): number {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) return -1;
    return value < 0 ? headEnd(NEGATIVE, -1 - value, bytes, at) : headEnd(UNSIGNED, value, bytes, at);
  }
  if (value instanceof Uint8Array) return sameEnd(value.length, (i) => value[i], BYTES, bytes, at);
  if (typeof value === 'string') return sameEnd(value.length, (i) => asciiAt(value, i), TEXT, bytes, at);
  if (Array.isArray(value)) {
    let end = headEnd(ARRAY, value.length, bytes, at);
    for (let i = 0; i < value.length && end >= 0; i++) end = endOf(value[i], bytes, end);
    return end;
  }
  const simple = value === null ? NULL : value === true ? TRUE : value === false ? FALSE : undefined;
  return simple !== undefined && bytes[at] === simple ? at + 1 : -1;
}

/** What is not ASCII is no byte. */
function asciiAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  return code < 0x80 ? code : -1;
}

function sameEnd(
  length: number,
  byteAt: (i: number) => number | undefined,
  major: number,
  bytes: Uint8Array,
  at: number,
): number {
  const start = headEnd(major, length, bytes, at);
  if (start < 0) return -1;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== byteAt(i)) return -1;
  return start + length;
}

function headEnd(major: number, value: number, bytes: Uint8Array, at: number): number {
  if (value < ONE) return bytes[at] === ((major << 5) | value) ? at + 1 : -1;
  if (value >= EIGHT) return -1;
  const [width, short] = value < TWO ? [1, 24] : value < FOUR ? [2, 25] : [4, 26];
  if (bytes[at] !== ((major << 5) | short)) return -1;
  let left = value;
  for (let i = width; i > 0; i--) {
    if (bytes[at + i] !== left % 256) return -1;
    left = Math.floor(left / 256);
  }
  return at + 1 + width;
}

/*
 * Writers into a buffer that has room. Each answers where what it wrote ends. Most of what they write is short, and then a loop takes less time than a
 * call of `set` or `copyWithin`.
 */

const SHORT = 64;

/** The bytes of another buffer. */
export function writeBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  const to = at + end - start;
  if (end - start > SHORT) out.set(bytes.subarray(start, end), at);
  else for (let i = start, o = at; i < end; ) out[o++] = byteAt(bytes, i++);
  return to;
}

/** What was written `distance` before. It may overlap what is written now, and then repeats itself. */
export function writeAgain(distance: number, length: number, out: Uint8Array, at: number): number {
  const to = at + length;
  if (length > SHORT && distance >= length) out.copyWithin(at, at - distance, to - distance);
  else for (let o = at; o < to; o++) out[o] = byteAt(out, o - distance);
  return to;
}

/** A text of ASCII. */
export function writeAscii(text: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** As many characters as n bytes become in one of the forms below. */
export const CHARS = {
  hex: (n: number) => 2 * n,
  base64: (n: number) => 4 * Math.ceil(n / 3),
  base64url: (n: number) => Math.ceil((4 * n) / 3),
} as const;

const DIGITS = codesOf('0123456789abcdef');
const STANDARD = codesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const URL_SAFE = codesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const PADDING = 0x3d;

export function writeHex(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let i = start; i < end; i++) {
    const byte = byteAt(bytes, i);
    out[to++] = byteAt(DIGITS, byte >> 4);
    out[to++] = byteAt(DIGITS, byte & 15);
  }
  return to;
}

export function writeBase64(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let to = writeSextets(STANDARD, bytes, start, end, out, at);
  while ((to - at) % 4 !== 0) out[to++] = PADDING;
  return to;
}

export function writeBase64url(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  return writeSextets(URL_SAFE, bytes, start, end, out, at);
}

function writeSextets(
  codes: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let to = at;
  for (let i = start; i < end; i += 3) {
    const left = end - i;
    const word =
      (byteAt(bytes, i) << 16) |
      (left > 1 ? byteAt(bytes, i + 1) << 8 : 0) |
      (left > 2 ? byteAt(bytes, i + 2) : 0);
    out[to++] = byteAt(codes, word >> 18);
    out[to++] = byteAt(codes, (word >> 12) & 63);
    if (left > 1) out[to++] = byteAt(codes, (word >> 6) & 63);
    if (left > 2) out[to++] = byteAt(codes, word & 63);
  }
  return to;
}

/** A byte that is there, as a number: a call that the engine takes out again. The one place that the type checker needs the 0 for. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function codesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

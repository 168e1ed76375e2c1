/** One item of CBOR (RFC 8949, section 3) as it is written: also in lengths and forms that deterministic encoding does not have. */
export interface CborItem {
  major: number;
  /** The number of the head: a value, a length, a tag. */
  argument: bigint;
  /** Bytes of the argument behind the first byte: 0, 1, 2, 4 or 8; the shortest when left out. */
  width?: number;
  /** Of unknown length, and in pieces. */
  indefinite?: true;
  /** Of byte and text strings. */
  content?: Uint8Array;
  /** Of arrays, maps (names and values in turn) and tags. */
  items?: CborItem[];
  /** A float, by the bytes behind its head. */
  float?: Uint8Array;
}

export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

/** Reads what deterministic encoding wrote, without floats and maps. */
export function readCbor(bytes: Uint8Array): CborItem {
  let at = 0;
  const next = (): CborItem => {
    const head = bytes[at++] ?? 0;
    const major = head >> 5;
    const short = head & 31;
    const width = short < 24 ? 0 : 1 << (short - 24);
    let argument = BigInt(short);
    if (width > 0) {
      argument = bytes.slice(at, at + width).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      at += width;
    }
    const length = Number(argument);
    if (major === MAJOR.bytes || major === MAJOR.text) {
      at += length;
      return { major, argument, content: bytes.slice(at - length, at) };
    }
    if (major === MAJOR.array) return { major, argument, items: Array.from({ length }, next) };
    return { major, argument };
  };
  return next();
}

export function writeCbor(item: CborItem): number[] {
  const { major, content, items, float } = item;
  if (float !== undefined) return [(MAJOR.simple << 5) | (24 + Math.log2(float.length)), ...float];
  if (item.indefinite === true && major >= MAJOR.bytes && major <= MAJOR.map) {
    const inner = content === undefined ? (items ?? []).flatMap(writeCbor) : pieces(major, content);
    return [(major << 5) | 31, ...inner, 0xff];
  }
  return [...head(item), ...(content ?? []), ...(items ?? []).flatMap(writeCbor)];
}

function pieces(major: number, content: Uint8Array): number[] {
  const half = content.length >> 1;
  return [content.slice(0, half), content.slice(half)].flatMap((piece) => [
    ...head({ major, argument: BigInt(piece.length) }),
    ...piece,
  ]);
}

function head({ major, argument, width = shortest(argument) }: CborItem): number[] {
  if (width === 0) return [(major << 5) | (Number(argument) & 31)];
  const bytes = Array.from({ length: width }, (_, i) =>
    Number((argument >> BigInt(8 * (width - 1 - i))) & 255n),
  );
  return [(major << 5) | (24 + Math.log2(width)), ...bytes];
}

function shortest(argument: bigint): number {
  if (argument < 24n) return 0;
  if (argument < 1n << 8n) return 1;
  if (argument < 1n << 16n) return 2;
  return argument < 1n << 32n ? 4 : 8;
}

/** It and all that is in it. */
export function itemsOf(item: CborItem): CborItem[] {
  return [item, ...(item.items ?? []).flatMap(itemsOf)];
}

export function textItem(text: string): CborItem {
  const content = Buffer.from(text);
  return { major: MAJOR.text, argument: BigInt(content.length), content };
}

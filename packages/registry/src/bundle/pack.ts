import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { Matches } from './matches.ts';
import { Operations } from './operations.ts';
import { type Token, tokensOf } from './tokens.ts';

/** One byte, one character: nothing here looks at more than ASCII. */
const latin1 = new TextDecoder('latin1');

/** The inflated form of a bundle of these files, in this order. The same files in the same order give the same bytes everywhere. */
export function pack(files: readonly (readonly [path: string, content: Bytes])[]): Bytes {
  const index = utf8(files.map(([path]) => `${path}\n`).join(''));
  const text = concatBytes(...files.map(([, content]) => content), index);
  const packing = {
    text,
    matches: new Matches(text),
    operations: new Operations(text),
    files: new Map<string, number>(),
  };
  let start = 0;
  for (const [i, [, content]] of files.entries()) {
    packStretch(packing, start, start + content.length);
    packing.operations.end();
    packing.files.set(sha256Hex(content), i);
    start += content.length;
  }
  packStretch(packing, start, text.length);
  return packing.operations.packed(files.length);
}

interface Packing {
  readonly text: Bytes;
  readonly matches: Matches;
  readonly operations: Operations;
  /** Numbers of the files so far, by SHA-256. */
  readonly files: ReadonlyMap<string, number>;
}

/** One file, or the index. Whatever comes next is a copy, or a token, or else stands as it is. */
function packStretch({ text, matches, operations, files }: Packing, start: number, end: number): void {
  const characters = latin1.decode(text.subarray(start, end));
  const tokens = tokensOf(characters);
  let next = 0;
  for (let at = start; at < end; ) {
    while ((tokens[next]?.end ?? Infinity) <= at - start) next++;
    const token = tokens[next];
    const match = matches.find(at, end, operations.distance);
    const length = match === undefined ? 0 : wholeTokens(tokens, next, at - start, match.length);
    if (match !== undefined && length > 0) {
      at = operations.copy(at, length, match.distance);
    } else if (token?.start === at - start) {
      const file = files.get(characters.slice(token.start, token.end));
      at = file === undefined ? operations.token(at, token) : operations.digest(at, file);
    } else {
      at = operations.literal(at);
    }
  }
}

/** How much of a match is copied: it ends before a token that it does not hold whole, as the rest of that could be told as text only. */
function wholeTokens(tokens: readonly Token[], next: number, at: number, length: number): number {
  let end = at + length;
  for (let i = next; ; i++) {
    const token = tokens[i];
    if (token === undefined || token.start >= end) break;
    if (token.end > end) end = token.start;
  }
  const whole = end - at;
  return whole === length || whole >= LEAST_CUT ? whole : 0;
}

/** A match that was cut shorter than this is not worth a copy any more. */
const LEAST_CUT = 16;

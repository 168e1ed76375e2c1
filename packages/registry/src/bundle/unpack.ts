import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { isPlainPath } from '../metadata/paths.ts';
import { DIGEST_CHARS, OP } from './form.ts';
import { unzigzag } from './numbers.ts';
import { sectionsOf } from './sections.ts';
import {
  CHARS,
  writeAgain,
  writeAscii,
  writeBase64,
  writeBase64url,
  writeBytes,
  writeHex,
} from './text-forms.ts';

/** What came out of a bundle. */
export interface Unpacked {
  /** By path. */
  readonly files: ReadonlyMap<string, Bytes>;
  /** SHA-256 in hex of those whose hash stands in other files. */
  readonly digests: ReadonlyMap<Bytes, string>;
}

/**
 * The files of an inflated bundle. Time and memory are bounded by the length that it states for what comes out, and that length by
 * `LIMITS.bundleBytes`. All of the bundle is used, once and in order.
 *
 * @throws SymbolonError `bundle-malformed`, `bundle-too-large`
 */
export function unpack(packed: Bytes): Unpacked {
  const { textBytes, files, operations, literals, binary } = sectionsOf(packed);
  const text = new Uint8Array(textBytes);
  const contents: Bytes[] = [];
  const digests = new Map<Bytes, string>();
  let at = 0;
  let start = 0;
  let distance = 0;
  let nextTold = 0;
  const checkRoom = (length: number) => {
    if (length < 1 || at + length > textBytes) malformed();
  };

  while (!operations.isAtEnd) {
    const operation = operations.next();
    const n = operation >>> 3;
    switch (operation & 7) {
      case OP.end:
        if (n !== 0 || contents.length === files) malformed();
        contents.push(text.subarray(start, at));
        start = at;
        break;
      case OP.literal: {
        checkRoom(n);
        const from = literals.take(n);
        at = writeBytes(packed, from, from + n, text, at);
        break;
      }
      case OP.copy:
        checkRoom(n);
        distance += unzigzag(operations.next());
        if (distance < 1 || distance > at) malformed();
        at = writeAgain(distance, n, text, at);
        break;
      case OP.hex: {
        checkRoom(CHARS.hex(n));
        const from = binary.take(n);
        at = writeHex(packed, from, from + n, text, at);
        break;
      }
      case OP.base64: {
        checkRoom(CHARS.base64(n));
        const from = binary.take(n);
        at = writeBase64(packed, from, from + n, text, at);
        break;
      }
      case OP.base64url: {
        checkRoom(CHARS.base64url(n));
        const from = binary.take(n);
        at = writeBase64url(packed, from, from + n, text, at);
        break;
      }
      case OP.digest: {
        checkRoom(DIGEST_CHARS);
        const file = nextTold + unzigzag(n);
        const content = contents[file] ?? malformed();
        const digest = digests.get(content) ?? sha256Hex(content);
        digests.set(content, digest);
        at = writeAscii(digest, text, at);
        nextTold = file + 1;
        break;
      }
      default:
        malformed();
    }
  }
  if (at !== textBytes || contents.length !== files || !literals.isUsedUp || !binary.isUsedUp) malformed();
  return { files: named(contents, text.subarray(start)), digests };
}

/** @param index the paths of the files, in their order, each with a line end */
function named(contents: readonly Bytes[], index: Bytes): ReadonlyMap<string, Bytes> {
  // REQ-BUN-002: before it is taken apart, as a line end is one byte, and a text of its own.
  if (index.length > contents.length * (LIMITS.registryPathChars + 1)) malformed();
  const paths = indexText(index).split('\n', contents.length + 2);
  if (paths.pop() !== '' || paths.length !== contents.length) malformed();
  const files = new Map<string, Bytes>();
  for (const [i, content] of contents.entries()) {
    const path = paths[i] ?? '';
    if (!isPlainPath(path) || files.has(path)) malformed();
    files.set(path, content);
  }
  return files;
}

function indexText(index: Bytes): string {
  try {
    return fromUtf8(index);
  } catch (cause) {
    throw new SymbolonError('bundle-malformed', { cause });
  }
}

function malformed(): never {
  throw new SymbolonError('bundle-malformed', { path: 'files' });
}

import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { readAtMost } from '../read-stream.ts';
import { checkHead } from './gzip-member.ts';

/** Where the header of RFC 1952, section 2.3.1 tells the operating system; 255 is "unknown". */
const OS_BYTE = 9;
const OS_UNKNOWN = 255;

/** Gzip with no time and no machine in its header, so that the same bytes and the same zlib give the same file. */
export async function gzip(data: Bytes): Promise<Bytes> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream('gzip'));
  const packed = await readAtMost(stream, LIMITS.bundleBytes, 'bundle-too-large');
  packed[OS_BYTE] = OS_UNKNOWN;
  return packed;
}

/**
 * Inflates, and stops as soon as more than `maxBytes` have come out: a small file can inflate to a thousand times its size.
 *
 * @throws SymbolonError `bundle-too-large`; `bundle-malformed` for anything that is not one whole gzip member
 */
export async function gunzip(packed: Bytes, maxBytes: number): Promise<Bytes> {
  checkHead(packed);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return await readAtMost(stream, maxBytes, 'bundle-too-large');
  } catch (cause) {
    if (isSymbolonError(cause)) throw cause;
    throw new SymbolonError('bundle-malformed', { cause });
  }
}

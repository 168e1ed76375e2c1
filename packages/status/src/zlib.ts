import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * A decompressor is fed this much at a time: DEFLATE grows a byte at most 1,032-fold, so between two looks at the bound no more than
 * about a megabyte appears.
 */
const SLICE = 1024;

/**
 * Inflates ZLIB (RFC 1950), and stops early once there are more than `bound` bytes.
 *
 * @returns undefined when there are more than `bound` bytes
 * @throws SymbolonError `status-list-malformed` when the input is not exactly one ZLIB stream
 */
export function inflate(compressed: Uint8Array, bound: number): Promise<Bytes | undefined> {
  return decompress('deflate', compressed, bound);
}

/** As `inflate`, for exactly one GZIP member (RFC 1952). */
export function gunzip(compressed: Uint8Array, bound: number): Promise<Bytes | undefined> {
  return decompress('gzip', compressed, bound);
}

async function decompress(
  format: CompressionFormat,
  compressed: Uint8Array,
  bound: number,
): Promise<Bytes | undefined> {
  try {
    return await readUpTo(slices(compressed).pipeThrough(new DecompressionStream(format)), bound);
  } catch {
    throw new SymbolonError('status-list-malformed');
  }
}

/** The whole stream, or undefined and a cancelled stream when it has more than `bound` bytes. */
async function readUpTo(stream: ReadableStream<Uint8Array>, bound: number): Promise<Bytes | undefined> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(...parts);
    length += value.length;
    if (length > bound) break;
    parts.push(value);
  }
  // What cancelling says does not matter any more: the answer is that there is too much.
  await reader.cancel().catch(() => undefined);
  return undefined;
}

function slices(bytes: Uint8Array): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream<Bytes>(
    {
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(new Uint8Array(bytes.subarray(at, at + SLICE)));
        at += SLICE;
      },
    },
    { highWaterMark: 0 },
  );
}

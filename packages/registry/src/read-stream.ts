import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * Reads a stream to its end, or cancels it as soon as it has given more than `maxBytes`.
 *
 * @throws SymbolonError `tooLarge`; whatever the stream fails with
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooLarge: Code,
): Promise<Bytes> {
  // Not `for await`: not every browser can iterate a stream.
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new SymbolonError(tooLarge, { bound: maxBytes });
    }
    chunks.push(next.value);
  }
  return concatBytes(...chunks);
}

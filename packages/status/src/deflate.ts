import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';

/** ZLIB (RFC 1950), which the web platform calls `deflate`. */
export async function deflate(bytes: Uint8Array): Promise<Bytes> {
  const compressed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
  const parts: Uint8Array[] = [];
  for (const reader = compressed.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(...parts);
    parts.push(value);
  }
}

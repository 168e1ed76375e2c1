import { crc32, inflateRawSync, inflateSync } from 'node:zlib';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { gunzip as gunzipPortable } from './zlib.ts';

/** GZIP (RFC 1952, section 2.3): a header without flags, and a foot of checksum and length. */
const HEAD_BYTES = 10;
const FOOT_BYTES = 8;
const PLAIN = [0x1f, 0x8b, 8, 0];

/** The function of zlib.ts on Node's own zlib, in a third of the time: a list is there whole, so nothing needs to stream. */
export async function inflate(compressed: Uint8Array, bound: number): Promise<Bytes | undefined> {
  return whole(inflateSync, compressed, bound);
}

/**
 * The same. Node reads on in a second member, so the one body is inflated by itself; a header that says more than that it is one (a name, a comment) is left to
 * the function of zlib.ts.
 */
export async function gunzip(compressed: Uint8Array, bound: number): Promise<Bytes | undefined> {
  if (compressed.length < HEAD_BYTES + FOOT_BYTES || PLAIN.some((byte, at) => compressed[at] !== byte))
    return gunzipPortable(compressed, bound);
  const bytes = whole(inflateRawSync, compressed.subarray(HEAD_BYTES, -FOOT_BYTES), bound);
  if (bytes === undefined) return undefined;
  const foot = new DataView(compressed.buffer, compressed.byteOffset + compressed.length - FOOT_BYTES);
  if (foot.getUint32(0, true) !== crc32(bytes) || foot.getUint32(4, true) !== bytes.length)
    throw new SymbolonError('status-list-malformed');
  return bytes;
}

/** What `info` makes zlib answer; its types do not say so. */
interface Inflated {
  readonly buffer: Bytes;
  readonly engine: { readonly bytesWritten: number };
}

function whole(inflater: typeof inflateSync, body: Uint8Array, bound: number): Bytes | undefined {
  let inflated: Inflated;
  try {
    // A list of full size comes in one piece.
    const answer: unknown = inflater(body, {
      maxOutputLength: bound,
      chunkSize: Math.max(64, bound),
      info: true,
    });
    inflated = answer as Inflated;
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw new SymbolonError('status-list-malformed');
  }
  const { buffer, engine } = inflated;
  // Nothing may stand behind the end of the stream.
  if (engine.bytesWritten !== body.length) throw new SymbolonError('status-list-malformed');
  // A short one must not hold on to the room that a full one would take.
  return buffer.length === bound
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, bound)
    : new Uint8Array(buffer);
}

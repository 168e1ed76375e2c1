import { crc32, inflateRawSync } from 'node:zlib';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { checkHead, FOOT_BYTES, HEAD_BYTES } from './gzip-member.ts';

export { gzip } from './gzip.ts';

/** The function of gzip.ts on Node's own zlib, in a third of the time: a bundle is there whole, so nothing needs to stream. */
export async function gunzip(packed: Bytes, maxBytes: number): Promise<Bytes> {
  checkHead(packed);
  const body = packed.subarray(HEAD_BYTES, -FOOT_BYTES);
  const { buffer, engine } = inflate(body, maxBytes);
  const foot = new DataView(packed.buffer, packed.byteOffset + packed.length - FOOT_BYTES, FOOT_BYTES);
  // Nothing may stand between the end of the body and the foot, nor behind it.
  if (
    engine.bytesWritten !== body.length ||
    foot.getUint32(0, true) !== crc32(buffer) ||
    foot.getUint32(4, true) !== buffer.length
  ) {
    throw new SymbolonError('bundle-malformed');
  }
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** What `info` makes zlib answer; its types do not say so. */
interface Inflated {
  readonly buffer: Bytes;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(body: Bytes, maxBytes: number): Inflated {
  try {
    const answer: unknown = inflateRawSync(body, { maxOutputLength: maxBytes, info: true });
    return answer as Inflated;
  } catch (cause) {
    if (cause instanceof RangeError) throw new SymbolonError('bundle-too-large', { bound: maxBytes });
    throw new SymbolonError('bundle-malformed', { cause });
  }
}

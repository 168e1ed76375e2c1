import { type Bytes, concatBytes } from '@symbolon/protocol/bytes';
import { deflate } from '@symbolon/status/deflate';

/** Identification, method DEFLATE, no flags, no time, no machine (RFC 1952, section 2.3): the same bytes and the same zlib give the same member. */
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** What ZLIB has around the same DEFLATE stream (RFC 1950, section 2.2). */
const ZLIB_HEAD_BYTES = 2;
const ZLIB_FOOT_BYTES = 4;

/** One GZIP member. Made of the ZLIB stream, so that both kinds of list are compressed alike. */
export async function gzip(bytes: Uint8Array): Promise<Bytes> {
  const zlib = await deflate(bytes);
  const foot = new DataView(new ArrayBuffer(8));
  foot.setUint32(0, crc32(bytes), true);
  foot.setUint32(4, bytes.length, true);
  const body = zlib.subarray(ZLIB_HEAD_BYTES, -ZLIB_FOOT_BYTES);
  return concatBytes(HEAD, body, new Uint8Array(foot.buffer));
}

/** RFC 1952, section 8. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb8_8320;
  return crc;
});

import { SymbolonError } from '@symbolon/protocol/errors';

/** Of a member without name, comment and extra field (RFC 1952, section 2.3): identification, method, flags, time, operating system. */
export const HEAD_BYTES = 10;
const HEAD = [0x1f, 0x8b, 8, 0];
/** CRC-32 and length. */
export const FOOT_BYTES = 8;

/** A bundle's gzip has one form, so what else could stand in a header is not read over. @throws SymbolonError `bundle-malformed` */
export function checkHead(packed: Uint8Array): void {
  const isMember = packed.length >= HEAD_BYTES + FOOT_BYTES && HEAD.every((byte, i) => packed[i] === byte);
  if (!isMember) throw new SymbolonError('bundle-malformed');
}

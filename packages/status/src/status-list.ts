import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { deflate } from '@symbolon/status/deflate';
import { inflate } from '@symbolon/status/zlib';

/** Bits of one entry (Token Status List, section 4.1). */
export type EntryBits = 1 | 2 | 4 | 8;

/** An inflated list. Who signed it, and for when, is not part of it. */
export interface StatusList {
  readonly bits: EntryBits;
  /** Whole bytes: a list of 12 one-bit entries has 16. */
  readonly size: number;
  readonly bytes: Bytes;
}

/**
 * Packs one value per entry into a list. Entry 0 takes the *least* significant bits of byte 0 (section 4.1; in a W3C Bitstring it is
 * the left-most, so the two cannot share this).
 *
 * @throws SymbolonError `status-list-malformed` when a value needs more bits, or there are more than `LIMITS.statusListEntries`
 */
export function packEntries(bits: EntryBits, entries: Uint8Array): StatusList {
  checkSize(entries.length);
  const perByte = 8 / bits;
  const bytes = new Uint8Array(Math.ceil(entries.length / perByte));
  for (const [index, value] of entries.entries()) {
    if (value >= 2 ** bits) throw new SymbolonError('status-list-malformed', { bound: 2 ** bits - 1 });
    const at = Math.floor(index / perByte);
    bytes[at] = (bytes[at] ?? 0) | (value << ((index % perByte) * bits));
  }
  return { bits, size: bytes.length * perByte, bytes };
}

/**
 * REQ-STA-007: the value of an entry, or undefined when the index points outside the list: nothing is known of the credential then.
 */
export function statusAt(list: StatusList, index: number): number | undefined {
  if (!Number.isSafeInteger(index) || index < 0 || index >= list.size) return undefined;
  const perByte = 8 / list.bits;
  const byte = list.bytes[Math.floor(index / perByte)];
  return byte === undefined ? undefined : (byte >> ((index % perByte) * list.bits)) & (2 ** list.bits - 1);
}

/** The compressed bytes of a list: DEFLATE in the ZLIB format (section 4.1). */
export async function compressList(list: StatusList): Promise<Bytes> {
  return deflate(list.bytes);
}

/**
 * Inflates a list, and stops as soon as it has more than `LIMITS.statusListEntries` entries.
 *
 * @throws SymbolonError `status-list-malformed`: not ZLIB, cut off, bytes after the end, a wrong checksum, empty, or too long
 */
export async function inflateList(bits: EntryBits, compressed: Uint8Array): Promise<StatusList> {
  const perByte = 8 / bits;
  const bytes = await inflate(compressed, LIMITS.statusListEntries / perByte);
  if (bytes === undefined)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListEntries });
  if (bytes.length === 0) throw new SymbolonError('status-list-malformed');
  return { bits, size: bytes.length * perByte, bytes };
}

function checkSize(entries: number): void {
  if (entries < 1) throw new SymbolonError('status-list-malformed');
  if (entries > LIMITS.statusListEntries)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListEntries });
}

import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { gunzip } from '@symbolon/status/zlib';
import { gzip } from './gzip.ts';

/** An expanded list. Who signed it, for what purpose and for when, is not part of it. */
export interface Bitstring {
  /** Whole bytes. */
  readonly size: number;
  readonly bytes: Bytes;
}

/** Multibase: base64url without padding. */
const MULTIBASE = 'u';

/**
 * The `encodedList` of one bit per entry (section 3.3): entry 0 is the *left-most* bit of byte 0; in a Token Status List it is the right-most. A shorter list is
 * filled up with zeros to `LIMITS.bitstringEntries`, below which the standard sees too small a herd. The same entries give the same text.
 *
 * @param entries 0 or 1 each, entry 0 first
 * @throws SymbolonError `status-list-malformed` when an entry is neither, or there are none, or more than `LIMITS.statusListEntries`
 */
export async function encodeBitstring(entries: Uint8Array): Promise<string> {
  if (entries.length < 1) throw new SymbolonError('status-list-malformed');
  if (entries.length > LIMITS.statusListEntries)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListEntries });
  const bytes = new Uint8Array(Math.ceil(Math.max(entries.length, LIMITS.bitstringEntries) / 8));
  for (const [index, bit] of entries.entries()) {
    if (bit > 1) throw new SymbolonError('status-list-malformed', { bound: 1 });
    const at = index >> 3;
    bytes[at] = (bytes[at] ?? 0) | (bit << (7 - (index & 7)));
  }
  return `${MULTIBASE}${encodeBase64url(await gzip(bytes))}`;
}

/**
 * Expands an `encodedList` (section 3.4), and stops as soon as it has more than `LIMITS.statusListEntries` entries. Verify the list first: this is costly.
 *
 * @throws SymbolonError `status-list-malformed`: another multibase, not exactly one GZIP member, too long, or shorter than `LIMITS.bitstringEntries`
 */
export async function decodeBitstring(encodedList: string): Promise<Bitstring> {
  const bytes = await gunzip(compressedOf(encodedList), LIMITS.statusListEntries / 8);
  if (bytes === undefined)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.statusListEntries });
  // REQ-STA-006: STATUS_LIST_LENGTH_ERROR of the standard.
  if (bytes.length * 8 < LIMITS.bitstringEntries)
    throw new SymbolonError('status-list-malformed', { bound: LIMITS.bitstringEntries });
  return { size: bytes.length * 8, bytes };
}

/**
 * REQ-STA-007: whether the bit of an entry is set, or undefined when the index points outside the list: nothing is known of the credential then.
 */
export function isSetAt({ size, bytes }: Bitstring, index: number): boolean | undefined {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return undefined;
  const byte = bytes[index >> 3];
  return byte === undefined ? undefined : ((byte >> (7 - (index & 7))) & 1) === 1;
}

function compressedOf(encodedList: string): Bytes {
  if (!encodedList.startsWith(MULTIBASE)) throw new SymbolonError('status-list-malformed');
  try {
    return decodeBase64url(encodedList.slice(MULTIBASE.length));
  } catch (cause) {
    throw new SymbolonError('status-list-malformed', { cause });
  }
}

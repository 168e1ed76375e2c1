import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { decode, encode, rfc8949EncodeOptions } from 'cborg';

/** Deterministic CBOR (RFC 8949, section 4.2). */
export function encodeCbor(value: unknown): Bytes {
  return new Uint8Array(encode(value, rfc8949EncodeOptions));
}

/**
 * Reads one CBOR item of definite lengths in shortest form, without tags, floats that are no numbers, or big integers. What
 * this lets through and is not deterministic all the same is found by packing again.
 *
 * @param bytes at most as many as one QR text holds, so the nesting is bounded too
 * @throws SymbolonError `packing-truncated`, `packing-malformed`
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowBigInt: false,
      allowInfinity: false,
      allowNaN: false,
    });
  } catch (error) {
    throw new SymbolonError(isTruncation(error) ? 'packing-truncated' : 'packing-malformed');
  }
}

/** cborg tells a missing end in words only; a test cuts a packing at every byte to hold it to them. */
function isTruncation(error: unknown): boolean {
  return error instanceof Error && /not enough (data|entries)|did not find any content/.test(error.message);
}

import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** What a parent says of a file. Length and hash are optional for metadata (TUF 1.0, section 4.4). */
export interface Described {
  readonly length?: number | undefined;
  readonly hashes?: { readonly sha256: string } | undefined;
}

/**
 * REQ-REG-007: a file is the one that its parent describes.
 *
 * @throws SymbolonError `metadata-mismatch`
 */
export function checkIntegrity(bytes: Uint8Array, { length, hashes }: Described): void {
  if (length !== undefined && bytes.length !== length) throw new SymbolonError('metadata-mismatch');
  if (hashes !== undefined && toHex(sha256(bytes)) !== hashes.sha256)
    throw new SymbolonError('metadata-mismatch');
}

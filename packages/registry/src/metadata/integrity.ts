import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Described } from './profile.ts';

/**
 * REQ-REG-007: a file is the one that its parent describes. A hash, where there are any, is SHA-256.
 *
 * @throws SymbolonError `metadata-mismatch`
 */
export function checkIntegrity(bytes: Uint8Array, { length, hashes }: Described): void {
  if (length !== undefined && bytes.length !== length) throw new SymbolonError('metadata-mismatch');
  if (hashes !== undefined && toHex(sha256(bytes)) !== hashes.sha256)
    throw new SymbolonError('metadata-mismatch');
}

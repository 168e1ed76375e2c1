import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Described } from '../metadata/profile.ts';

/**
 * REQ-REG-007: a file is the one that its parent describes: by its length and by every hash of a kind that is known here. Hashes of which
 * none is known describe nothing, so such a file is refused.
 *
 * @throws SymbolonError `metadata-mismatch`
 */
export async function checkPlainIntegrity(bytes: Bytes, { length, hashes }: Described): Promise<void> {
  if (length !== undefined && bytes.length !== length) throw new SymbolonError('metadata-mismatch');
  if (hashes === undefined) return;
  const isSha256 = hashes.sha256 === undefined ? undefined : toHex(sha256(bytes)) === hashes.sha256;
  const isSha512 = hashes.sha512 === undefined ? undefined : (await sha512Hex(bytes)) === hashes.sha512;
  const known = [isSha256, isSha512].filter((each) => each !== undefined);
  if (known.length === 0 || known.includes(false)) throw new SymbolonError('metadata-mismatch');
}

async function sha512Hex(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-512', bytes)));
}

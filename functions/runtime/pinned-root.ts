import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { rootFile } from '@symbolon/registry/file-names';
import type { ReadFile } from '@symbolon/registry/source';

/**
 * REQ-REG-013: the first root of a registry, if it is the one that the configuration pins.
 *
 * @throws SymbolonError `metadata-missing`, `root-mismatch`
 */
export async function pinnedRootIn(read: ReadFile, expectedSha256: string): Promise<Bytes> {
  const root = await read(rootFile(1), { maxBytes: LIMITS.metadataBytes });
  if (root === undefined) throw new SymbolonError('metadata-missing');
  if (toHex(sha256(root)) !== expectedSha256) throw new SymbolonError('root-mismatch');
  return root;
}

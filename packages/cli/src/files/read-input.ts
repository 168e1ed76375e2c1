import { constants, open } from 'node:fs/promises';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';

/**
 * A file that someone wrote or was given, read no further than a file of the registry may be long.
 *
 * @throws SymbolonError `metadata-too-large`, `utf8-malformed`; the file system's own error when it cannot be read
 */
export async function readInput(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    // A device or a pipe may have no end.
    if (!found.isFile() || found.size > LIMITS.metadataBytes) {
      throw new SymbolonError('metadata-too-large', { bound: LIMITS.metadataBytes });
    }
    return fromUtf8(new Uint8Array(await file.readFile()));
  } finally {
    await file.close();
  }
}

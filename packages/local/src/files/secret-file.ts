import { constants, open } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';

/** Rights of the group and of everyone. */
const OTHERS = 0o077;
/** A sealed key has about 700 bytes. */
const SECRET_BYTES = 4096;

/**
 * The text of a file that is its owner's only: a sealed key, a passphrase, a secret.
 *
 * @throws SymbolonError `key-file-exposed`; `key-file-malformed` when it is no plain file, or too large; the file system's own error when it cannot be read
 */
export async function readSecretFile(path: URL | string): Promise<string> {
  // Not blocking: a pipe that nobody writes to is no key file, and is not waited for.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > SECRET_BYTES) throw new SymbolonError('key-file-malformed');
    // REQ-KEY-013. Windows has no such rights, and says that everyone has them.
    if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)
      throw new SymbolonError('key-file-exposed');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

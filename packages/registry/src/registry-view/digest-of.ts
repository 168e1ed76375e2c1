import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { checkIntegrity } from '../metadata/integrity.ts';
import type { Described } from '../metadata/profile.ts';

/** SHA-256 of a file in hex. A source that had to make it, and that nobody else can write to, need not make it twice. */
export type DigestOf = (bytes: Bytes) => string;

/** REQ-REG-007: `checkIntegrity` with the hash made by the source. @throws SymbolonError `metadata-mismatch` */
export function integrityBy(digestOf: DigestOf): (bytes: Bytes, described: Described) => void {
  return (bytes, { length, hashes }) => {
    checkIntegrity(bytes, { length });
    if (hashes !== undefined && digestOf(bytes) !== hashes.sha256)
      throw new SymbolonError('metadata-mismatch');
  };
}

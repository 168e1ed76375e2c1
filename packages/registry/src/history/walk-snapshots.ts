import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { metadataFile } from '../metadata/file-names.ts';
import { checkIntegrity } from '../metadata/integrity.ts';
import { parseSnapshot, type SnapshotMetadata } from '../metadata/metadata.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { type FoundRecord, readPublicationRecord } from './publication-record.ts';

export interface SnapshotLink {
  readonly snapshot: SnapshotMetadata;
  /** Nothing for a snapshot that was made without one: there the chain ends, and what was before is not known. */
  readonly record: FoundRecord | undefined;
}

/**
 * Walks the chain of snapshots back from the current one. Each is the very file that its successor names by hash, so all of them are as sure as the
 * first; signatures of the older ones are NOT checked, and say nothing more. A record that is malformed is a link still, as long as it tells `previous`.
 *
 * @throws SymbolonError `metadata-mismatch` for a file that is another one, `metadata-missing`, `metadata-malformed`; what `read` throws
 */
export async function* walkSnapshots(
  read: ReadFile,
  { snapshot }: { readonly snapshot: SnapshotMetadata },
): AsyncGenerator<SnapshotLink, void> {
  for (let current = snapshot; ; ) {
    const record = readPublicationRecord(current.raw);
    yield { snapshot: current, record };
    if (record?.previous === undefined) return;
    const { version, sha256 } = record.previous;
    const file = metadataFile('snapshot', version);
    const bytes = await read(file, { maxBytes: LIMITS.metadataBytes, sha256 });
    if (bytes === undefined) throw new SymbolonError('metadata-missing', { path: file });
    // REQ-REG-007
    checkIntegrity(bytes, { hashes: { sha256 } });
    current = parseSnapshot(bytes);
    if (current.signed.version !== version) throw new SymbolonError('metadata-mismatch', { path: file });
  }
}

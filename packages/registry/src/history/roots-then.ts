import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { rootFile } from '../metadata/file-names.ts';
import { checkIntegrity } from '../metadata/integrity.ts';
import { parseRoot, type RootMetadata } from '../metadata/metadata.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { FileRef, FoundRecord } from './publication-record.ts';

/** The root of one publication. */
export interface RootThen {
  /** The root under which it is read; nothing when the records at hand do not tell. */
  readonly root: RootMetadata | undefined;
  /** A root that it was to bring and that never came: the publication broke off at its last step, or has not ended yet. */
  readonly unpublished: number | undefined;
}

/**
 * The roots of publications, the newest one first. A root is published after the snapshot that tells of it, so the last word is with the files: a root
 * that is not there, or is another one that later records confirm, did not come.
 *
 * @param newest version of the newest root, which is trusted
 * @throws SymbolonError `metadata-mismatch` for a root file that no record tells of, `metadata-missing`, `metadata-malformed`
 */
export async function rootsThen(
  read: ReadFile,
  newest: number,
  records: readonly Pick<FoundRecord, 'root'>[],
): Promise<readonly RootThen[]> {
  const confirmed = new Map<number, string>();
  const published = await Promise.all(
    records.map(async ({ root }) => root !== undefined && (await isPublished(read, root, newest))),
  );
  for (const [i, { root }] of records.entries()) {
    if (root !== undefined && published[i]) confirmed.set(root.version, root.sha256);
  }
  const roots: RootThen[] = [];
  for (const [i, { root }] of records.entries()) {
    if (root === undefined) {
      // What the record does not tell, nobody guesses.
      roots.push({ root: undefined, unpublished: undefined });
      continue;
    }
    if (published[i]) {
      roots.push({ root: await readRoot(read, root), unpublished: undefined });
      continue;
    }
    // REQ-REG-007: a root file that is there and that no record tells of is nobody's.
    if (root.version <= newest && !confirmed.has(root.version)) {
      throw new SymbolonError('metadata-mismatch', { path: rootFile(root.version) });
    }
    const before = records.slice(i + 1).find((_, older) => published[i + 1 + older])?.root;
    roots.push({ root: before && (await readRoot(read, before)), unpublished: root.version });
  }
  return roots;
}

async function isPublished(
  read: ReadFile,
  { version, sha256: hash }: FileRef,
  newest: number,
): Promise<boolean> {
  if (version > newest) return false;
  const bytes = await read(rootFile(version), { maxBytes: LIMITS.metadataBytes });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path: rootFile(version) });
  return toHex(sha256(bytes)) === hash;
}

async function readRoot(read: ReadFile, { version, sha256: hash }: FileRef): Promise<RootMetadata> {
  const bytes = await read(rootFile(version), { maxBytes: LIMITS.metadataBytes });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path: rootFile(version) });
  checkIntegrity(bytes, { hashes: { sha256: hash } });
  return parseRoot(bytes);
}

import { sha256Hex } from '@symbolon/keys/digest';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { PublishedItem } from '@symbolon/protocol/schemas/leaf';
import { metadataFile, rootFile } from '../metadata/file-names.ts';
import { checkIntegrity } from '../metadata/integrity.ts';
import { parseRoot, parseSnapshot, type RootMetadata } from '../metadata/metadata.ts';
import type { SnapshotTrust } from '../metadata/trusted-set.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { Then } from './authority-then.ts';
import { introduced } from './introduced.ts';
import { type SnapshotLink, walkSnapshots } from './walk-snapshots.ts';

/** Names one publication: the version and SHA-256 of its snapshot, and the version of the root that it was read under. */
export interface PublicationRef {
  readonly version: number;
  readonly sha256: string;
  readonly root: number;
}

export interface PublicationNews extends PublicationRef {
  /** As its record says; where it does not, when the current timestamp was signed. */
  readonly at: Instant;
  /** Whether nothing was known before it: `items` is then all that was there. */
  readonly first: boolean;
  readonly items: readonly PublishedItem[];
}

/**
 * What was published after a known publication, by the chain of snapshots: the oldest first, so many at most. Without a known one it begins with the current publication.
 *
 * A root is published after the snapshot that tells of it. One that had not come is not counted, and is told with the first publication that is read under it.
 *
 * @throws SymbolonError `log-fork` when the chain does not lead to the known publication: then one of the two was never the registry's; `metadata-mismatch`,
 *   `metadata-missing`, `metadata-malformed`; what `read` throws
 */
export async function publicationsSince(
  read: ReadFile,
  trust: SnapshotTrust,
  known: PublicationRef | undefined,
  limit: number,
): Promise<readonly PublicationNews[]> {
  const links = known === undefined ? await current(read, trust) : await after(read, trust, known, limit);
  const newest = trust.root.signed.version;
  let before = known && { ref: known, left: await knownThen(read, known) };
  const news: PublicationNews[] = [];
  for (const { snapshot, record } of links) {
    const { meta, version } = snapshot.signed;
    const root = (await publishedRoot(read, newest, record)) ?? before?.ref.root ?? newest;
    const left: Then = { root: await rootOf(read, root), meta };
    const ref = { version, sha256: sha256Hex(snapshot.bytes), root };
    news.push({
      ...ref,
      at: record?.at ?? trust.timestamp.signed.signedAt,
      first: before === undefined,
      items: await introduced(read, left, before?.left),
    });
    before = { ref, left };
  }
  return news;
}

async function current(read: ReadFile, trust: SnapshotTrust): Promise<readonly SnapshotLink[]> {
  for await (const link of walkSnapshots(read, trust)) return [link];
  return [];
}

/** The oldest ones after the known one. More than that many are never held. */
async function after(
  read: ReadFile,
  trust: SnapshotTrust,
  known: PublicationRef,
  limit: number,
): Promise<readonly SnapshotLink[]> {
  const links: SnapshotLink[] = [];
  for await (const link of walkSnapshots(read, trust)) {
    const { signed, bytes } = link.snapshot;
    if (signed.version === known.version && sha256Hex(bytes) === known.sha256) return links;
    // Versions only grow: it will not come any more.
    if (signed.version <= known.version) break;
    links.unshift(link);
    if (links.length > limit) links.pop();
  }
  throw new SymbolonError('log-fork');
}

async function knownThen(read: ReadFile, { version, sha256, root }: PublicationRef): Promise<Then> {
  const path = metadataFile('snapshot', version);
  const bytes = await read(path, { maxBytes: LIMITS.metadataBytes, sha256 });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path });
  // REQ-REG-007
  checkIntegrity(bytes, { hashes: { sha256 } });
  return { root: await rootOf(read, root), meta: parseSnapshot(bytes).signed.meta };
}

/** @param newest version of the root that is trusted: what is not above it is a link of its chain */
async function publishedRoot(
  read: ReadFile,
  newest: number,
  record: SnapshotLink['record'],
): Promise<number | undefined> {
  const root = record?.root;
  if (root === undefined || root.version > newest) return undefined;
  const bytes = await read(rootFile(root.version), { maxBytes: LIMITS.metadataBytes });
  return bytes !== undefined && sha256Hex(bytes) === root.sha256 ? root.version : undefined;
}

async function rootOf(read: ReadFile, version: number): Promise<RootMetadata> {
  const path = rootFile(version);
  const bytes = await read(path, { maxBytes: LIMITS.metadataBytes });
  if (bytes === undefined) throw new SymbolonError('metadata-missing', { path });
  return parseRoot(bytes);
}

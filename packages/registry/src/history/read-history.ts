import type { Instant } from '@symbolon/protocol/instant';
import type { SnapshotTrust } from '../metadata/trusted-set.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { type RoleEntry, roleEntries, rootEntry } from './role-entries.ts';
import { rootsThen } from './roots-then.ts';
import { type SnapshotLink, walkSnapshots } from './walk-snapshots.ts';

export type { RoleEntry };

/** One publication: what it changed, and who signed that. */
export interface HistoryEntry {
  /** Of the snapshot. */
  readonly version: number;
  /** Nothing when its record does not tell. */
  readonly at: Instant | undefined;
  /** A label that the publisher gave, and no admin signed. Nothing when its record does not tell. */
  readonly title: string | undefined;
  /** Whether its record has its form. If not, what is told is what can be read of it, and what the files say. */
  readonly isWhole: boolean;
  /** Nothing when only the snapshot was renewed. Root first, then in the order of the names. */
  readonly roles: readonly RoleEntry[];
  /** A root that this publication was to bring and that never came. It counts for nobody. */
  readonly unpublishedRoot: number | undefined;
}

export interface History {
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  /**
   * Where it ends: at the `first` publication; at a publication that was made `unrecorded`, so that nothing is told of it and of those before; at one
   * whose record is `unreadable` and does not tell which was before it; or at the `limit` that was asked for.
   */
  readonly end: 'first' | 'unrecorded' | 'unreadable' | 'limit';
}

export interface ReadHistory {
  /** Publications at most. */
  readonly limit: number;
}

/**
 * The history of a registry, from the chain in its snapshots. Every file is the one that a signed file names by hash, back from the snapshot that is
 * trusted, so nobody can rewrite it; that signatures were enough at the time was checked by whoever read it then, and is told here, not judged.
 *
 * @throws SymbolonError `metadata-mismatch` for a file that is another one, `metadata-missing` for one that is gone, `metadata-malformed`; what `read` throws
 */
export async function readHistory(
  read: ReadFile,
  trust: SnapshotTrust,
  { limit }: ReadHistory,
): Promise<History> {
  const links: SnapshotLink[] = [];
  // One more than is told: what a publication changed, the one before it says.
  for await (const link of walkSnapshots(read, trust)) if (links.push(link) > limit) break;
  const told = links.filter(({ record }) => record !== undefined).slice(0, limit);
  const records = links.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const roots = await rootsThen(read, trust.root.signed.version, records);
  const entries: HistoryEntry[] = [];
  for (const [i, { snapshot, record }] of told.entries()) {
    if (record === undefined) continue;
    const before = links[i + 1]?.snapshot;
    const here = roots[i] ?? { root: undefined, unpublished: undefined };
    const rootBefore = roots.slice(i + 1).find(({ root }) => root !== undefined);
    const isFirst = record.isWhole && record.previous === undefined;
    entries.push({
      version: snapshot.signed.version,
      at: record.at,
      title: record.title,
      isWhole: record.isWhole,
      roles: [
        ...(await rootEntry(here, rootBefore, isFirst)),
        ...(isFirst || before ? await roleEntries(read, here.root, snapshot, before) : []),
      ],
      unpublishedRoot: here.unpublished,
    });
  }
  return { entries, end: links.length > limit ? 'limit' : endOf(links.at(-1)) };
}

function endOf(last: SnapshotLink | undefined): History['end'] {
  if (last?.record === undefined) return 'unrecorded';
  return last.record.isWhole ? 'first' : 'unreadable';
}

import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { PublicationLeaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';
import { rootFile } from '@symbolon/registry/file-names';
import { introduced } from '@symbolon/registry/history/introduced';
import { publicationsSince } from '@symbolon/registry/history/publications-since';
import { walkSnapshots } from '@symbolon/registry/history/walk-snapshots';
import { parseRoot } from '@symbolon/registry/metadata';
import type { ReadFile } from '@symbolon/registry/source';
import type { SnapshotTrust } from '@symbolon/registry/trusted-set';

/** Publications that one audit goes through. */
export const PUBLICATIONS = 10_000;

export interface Brought {
  readonly items: readonly PublishedItem[];
  /** Version of the newest publication that was gone through: what later ones brought is not known here. */
  readonly upTo: number;
}

/**
 * What publications brought that the log of the registry is to tell: all that was there with the first one that is logged, and what is new in each after it, up to the newest that is logged.
 *
 * @param first the first leaf of the log
 * @returns nothing when the chain of snapshots does not lead there
 */
export async function broughtSince(
  read: ReadFile,
  trust: SnapshotTrust,
  { version, sha256, root }: PublicationLeaf,
  newestLogged: number,
): Promise<Brought | undefined> {
  try {
    const bytes = await read(rootFile(root), { maxBytes: LIMITS.metadataBytes });
    if (bytes === undefined) return undefined;
    for await (const { snapshot } of walkSnapshots(read, trust)) {
      if (snapshot.signed.version !== version) continue;
      const { meta } = snapshot.signed;
      const before = await introduced(read, { root: parseRoot(bytes), meta }, undefined);
      const news = await publicationsSince(read, trust, { version, sha256, root }, PUBLICATIONS);
      const logged = news.filter((each) => each.version <= newestLogged);
      return {
        items: [...before, ...logged.flatMap(({ items }) => items)],
        upTo: news.length < PUBLICATIONS ? newestLogged : (logged.at(-1)?.version ?? version),
      };
    }
    return undefined;
  } catch (error) {
    if (!isSymbolonError(error) || error.code === 'metadata-unreachable') throw error;
    return undefined;
  }
}

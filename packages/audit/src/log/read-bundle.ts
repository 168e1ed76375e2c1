import { unpackEntries } from '@symbolon/log/entry-bundle';
import { leafHash } from '@symbolon/log/hashes';
import { TILE_WIDTH, widthOf } from '@symbolon/log/tile-paths';
import { type ReadLogFile, readWidth } from '@symbolon/log/tile-reader';
import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isAgainstLog, type VerifiedTiles } from './verified-tiles.ts';

/** A bundle of a log, held to the tree. */
export interface ReadBundle {
  /** Index of its first leaf. */
  readonly first: number;
  /** Of the tree: nothing when the tile itself is not the tree's. */
  readonly hashes: readonly Bytes[] | undefined;
  /** What is written there: nothing in the place of an entry that is not the one in the tree. */
  readonly entries: readonly (Bytes | undefined)[];
  /** What speaks against it as a whole. */
  readonly fault: 'tile-malformed' | undefined;
}

/**
 * REQ-LOG-010, REQ-LOG-011: the entries of one bundle, each held to its hash in the tree.
 *
 * @throws SymbolonError `log-missing` when a part of it cannot be had
 */
export async function readBundle(
  read: ReadLogFile,
  tiles: VerifiedTiles,
  size: number,
  index: number,
): Promise<ReadBundle> {
  const first = index * TILE_WIDTH;
  const width = widthOf(size, 0, index);
  // Both at once, and neither is left behind when the other fails.
  const [tile, bundle] = await Promise.allSettled([
    tiles.leafHashes(index),
    readWidth(read, { level: 'entries', index, width }),
  ]);
  const broken = { first, hashes: undefined, entries: [], fault: 'tile-malformed' } as const;
  if (tile.status === 'rejected') {
    if (isAgainstLog(tile.reason)) return broken;
    throw tile.reason;
  }
  const hashes = tile.value;
  const written = bundle.status === 'fulfilled' ? unpacked(bundle.value) : refused(bundle.reason);
  if (written === undefined) return { ...broken, hashes };
  const entries = hashes.map((hash, i) => {
    const entry = written[i];
    return entry !== undefined && equalBytes(leafHash(entry), hash) ? entry : undefined;
  });
  return { first, hashes, entries, fault: undefined };
}

function unpacked({ found, width }: { found: Bytes; width: number }): readonly Bytes[] | undefined {
  try {
    return unpackEntries(found, width);
  } catch (error) {
    return refused(error);
  }
}

function refused(reason: unknown): undefined {
  if (isAgainstLog(reason)) return undefined;
  throw reason instanceof Error ? reason : new SymbolonError('log-missing');
}

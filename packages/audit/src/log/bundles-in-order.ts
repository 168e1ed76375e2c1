import { TILE_WIDTH } from '@symbolon/log/tile-paths';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import { type ReadBundle, readBundle } from './read-bundle.ts';
import type { VerifiedTiles } from './verified-tiles.ts';

/** Bundles that are fetched ahead. */
const AHEAD = 8;

/** Bundles of a tree of this size one after another, the next few on their way. @param first index of the first one */
export async function* bundlesInOrder(
  read: ReadLogFile,
  tiles: VerifiedTiles,
  size: number,
  first: number,
): AsyncGenerator<ReadBundle, void> {
  const end = Math.ceil(size / TILE_WIDTH);
  const coming: Promise<ReadBundle>[] = [];
  for (let index = first; index < end || coming.length > 0; ) {
    for (; index < end && coming.length < AHEAD; index++) {
      const bundle = readBundle(read, tiles, size, index);
      // Told when it is its turn.
      bundle.catch(() => undefined);
      coming.push(bundle);
    }
    const next = await coming.shift();
    if (next !== undefined) yield next;
  }
}

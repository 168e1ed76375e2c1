import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { HASH_BYTES, leafHash } from '../tree/hashes.ts';
import { unpackEntries } from './entry-bundle.ts';
import { TILE_WIDTH, widthOf } from './tile-paths.ts';
import { type ReadLogFile, readWidth, type Tiles } from './tile-reader.ts';

/**
 * The entries of one bundle, each held to the hash in its tile. The tile itself is for the caller to hold to the root.
 *
 * @param index of the bundle: its first entry is leaf `256 * index`
 * @throws SymbolonError `log-missing`, `tile-malformed`, `leaf-rewritten`
 */
export async function readEntries(read: ReadLogFile, tiles: Tiles, index: number): Promise<readonly Bytes[]> {
  const width = widthOf(tiles.size, 0, index);
  if (width === 0) throw new SymbolonError('log-missing');
  const bundle = await readWidth(read, { level: 'entries', index, width });
  const entries = unpackEntries(bundle.found, bundle.width).slice(0, width);
  const hashes = await tiles.tile(0, index);
  for (const [i, entry] of entries.entries()) {
    // REQ-LOG-011
    if (!equalBytes(leafHash(entry), hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)))
      throw new SymbolonError('leaf-rewritten', { path: String(index * TILE_WIDTH + i) });
  }
  return entries;
}

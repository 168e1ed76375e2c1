import { HASH_BYTES, rootOf } from '@symbolon/log/hashes';
import type { TreeHead } from '@symbolon/log/proofs';
import { hashesAtLevel, TILE_WIDTH, tilePath } from '@symbolon/log/tile-paths';
import { type ReadLogFile, readWidth, tilesOf } from '@symbolon/log/tile-reader';
import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';

/** Hash tiles of one tree, each held to its root before it is handed out. Of each level only the last one is kept: memory does not grow with the tree. */
export interface VerifiedTiles {
  /** The leaf hashes of bundle `index`. @throws SymbolonError `log-missing`, `tile-malformed` */
  leafHashes(index: number): Promise<readonly Bytes[]>;
}

/** @throws SymbolonError `log-missing`; `tile-malformed` when the right edge of the tree does not give the root (REQ-LOG-010) */
export async function openVerifiedTiles(read: ReadLogFile, { size, root }: TreeHead): Promise<VerifiedTiles> {
  const edge = tilesOf(read, size);
  if (!equalBytes(await edge.root(), root)) throw new SymbolonError('tile-malformed', { path: 'tile' });
  const kept = new Map<number, { readonly index: number; readonly tile: Promise<Bytes> }>();

  const tile = (level: number, index: number): Promise<Bytes> => {
    const before = kept.get(level);
    if (before?.index === index) return before.tile;
    // The edge was held to the root as a whole; a full tile is one hash of the tile above it.
    const isEdge = (index + 1) * TILE_WIDTH > hashesAtLevel(size, level);
    const pending = isEdge ? edge.tile(level, index) : whole(level, index);
    kept.set(level, { index, tile: pending });
    pending.catch(() => kept.delete(level));
    return pending;
  };
  const whole = async (level: number, index: number): Promise<Bytes> => {
    const above = tile(level + 1, Math.floor(index / TILE_WIDTH));
    const { found } = await readWidth(read, { level, index, width: TILE_WIDTH });
    const place = tilePath({ level, index, width: TILE_WIDTH });
    if (found.length !== TILE_WIDTH * HASH_BYTES) throw new SymbolonError('tile-malformed', { path: place });
    const slot = (index % TILE_WIDTH) * HASH_BYTES;
    if (!equalBytes(rootOf(slices(found)), (await above).subarray(slot, slot + HASH_BYTES)))
      throw new SymbolonError('tile-malformed', { path: place });
    return found;
  };
  return { leafHashes: async (index) => slices(await tile(0, index)) };
}

function slices(tile: Bytes): readonly Bytes[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, i) =>
    tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** Whether this speaks against the log, and not against the network or the machine. */
export function isAgainstLog(error: unknown): error is SymbolonError {
  return isSymbolonError(error) && (error.code === 'tile-malformed' || error.code === 'leaf-rewritten');
}

import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { EMPTY_ROOT, HASH_BYTES, nodeHash, rootOf, splitOf } from '../tree/hashes.ts';
import type { RangeHash } from '../tree/proofs.ts';
import { hashesAtLevel, TILE_WIDTH, tilePath, widthOf } from './tile-paths.ts';

/** Reads a file of a log by its path below the log's URL: nothing when it is not there. */
export type ReadLogFile = (path: string) => Promise<Bytes | undefined>;

/** The tiles of a tree of one size, each read once. What is read is NOT verified: whoever makes a root of it compares that. */
export interface Tiles {
  readonly size: number;
  /** @throws SymbolonError `log-missing`, `tile-malformed` */
  tile(level: number, index: number): Promise<Bytes>;
  /** The hash of any run of leaves that RFC 6962 makes a subtree of. */
  readonly hashOf: RangeHash;
  /** The root of the whole tree, by its tiles. */
  root(): Promise<Bytes>;
}

/** @param size of a checkpoint that was verified */
export function tilesOf(read: ReadLogFile, size: number): Tiles {
  const kept = new Map<string, Promise<Bytes>>();
  const tile = (level: number, index: number) => {
    const width = widthOf(size, level, index);
    const path = tilePath({ level, index, width });
    let pending = kept.get(path);
    if (pending === undefined) {
      pending = readTile(read, level, index, width);
      kept.set(path, pending);
      // Whoever asks again is not told of a failure that may be over.
      pending.catch(() => kept.delete(path));
    }
    return pending;
  };
  const hashOf: RangeHash = async (start, count) => {
    if (count === 0) return EMPTY_ROOT;
    // The highest tile level whose hashes divide the run.
    let level = 0;
    while (isWholeAt(start, count, level + 1)) level++;
    const unit = TILE_WIDTH ** level;
    const [first, hashes] = [start / unit, count / unit];
    // Within one tile; a run that is none of a whole tile's is divided, as the tree is.
    if (Math.floor(first / TILE_WIDTH) === Math.floor((first + hashes - 1) / TILE_WIDTH)) {
      const bytes = await tile(level, Math.floor(first / TILE_WIDTH));
      return rootOf(slices(bytes, first % TILE_WIDTH, hashes));
    }
    const left = splitOf(count);
    return nodeHash(await hashOf(start, left), await hashOf(start + left, count - left));
  };
  const root = async () => new Uint8Array(await hashOf(0, size));
  return { size, tile, hashOf, root };
}

function isWholeAt(start: number, count: number, level: number): boolean {
  const unit = TILE_WIDTH ** level;
  return start % unit === 0 && count % unit === 0 && hashesAtLevel(count, level) > 0;
}

/** REQ-LOG-010: what is there must be of the size that its path says. A partial tile that is gone is cut from the full one. */
async function readTile(read: ReadLogFile, level: number, index: number, width: number): Promise<Bytes> {
  if (width === 0) throw new SymbolonError('log-missing');
  const bytes = await readWidth(read, { level, index, width });
  if (bytes.found.length !== bytes.width * HASH_BYTES) throw new SymbolonError('tile-malformed');
  return bytes.found.subarray(0, width * HASH_BYTES);
}

/** A tile or entry bundle of this width, or the full one in its place (C2SP tlog-tiles, "Partial Tiles"). @throws SymbolonError `log-missing` */
export async function readWidth(
  read: ReadLogFile,
  ref: Parameters<typeof tilePath>[0],
): Promise<{ readonly found: Bytes; readonly width: number }> {
  const found = await read(tilePath(ref));
  if (found !== undefined) return { found, width: ref.width };
  const full = ref.width === TILE_WIDTH ? undefined : await read(tilePath({ ...ref, width: TILE_WIDTH }));
  if (full === undefined) throw new SymbolonError('log-missing');
  return { found: full, width: TILE_WIDTH };
}

function slices(bytes: Bytes, first: number, count: number): readonly Bytes[] {
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray((first + i) * HASH_BYTES, (first + i + 1) * HASH_BYTES),
  );
}

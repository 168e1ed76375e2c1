import { HASH_BYTES } from '../tree/hashes.ts';

/** Hashes, or entries, in a full tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** Where the signed checkpoint is. */
export const CHECKPOINT = 'checkpoint';

/** A tile of hashes at a level, or of entries. */
export interface TileRef {
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256: below 256 it is partial. */
  readonly width: number;
}

/** `tile/0/x001/x234/067.p/5`: below the URL of the log. */
export function tilePath({ level, index, width }: TileRef): string {
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${partial}`;
}

function indexPath(index: number): string {
  const group = (n: number) => String(n % 1000).padStart(3, '0');
  let path = group(index);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${group(rest)}/${path}`;
  }
  return path;
}

/** How many hashes a tree of this size has at a tile level: each stands for 256^level leaves. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** Width that a tile has in a tree of this size: 0 where it does not have it. */
export function widthOf(size: number, level: number, index: number): number {
  return Math.min(TILE_WIDTH, Math.max(0, hashesAtLevel(size, level) - index * TILE_WIDTH));
}

/** The last tile of each level, from the leaves up: what changes when leaves are added. Those that are full, or empty, are not among them. */
export function edgeOf(size: number): readonly (TileRef & { readonly level: number })[] {
  const edge: (TileRef & { readonly level: number })[] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level++) {
    const hashes = hashesAtLevel(size, level);
    const width = hashes % TILE_WIDTH;
    if (width > 0) edge.push({ level, index: Math.floor(hashes / TILE_WIDTH), width });
  }
  return edge;
}

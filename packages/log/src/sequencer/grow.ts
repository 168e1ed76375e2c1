import { type Bytes, concatBytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { packEntries, unpackEntries } from '../tiles/entry-bundle.ts';
import { edgeOf, TILE_WIDTH, type TileRef, tilePath } from '../tiles/tile-paths.ts';
import { type ReadLogFile, readWidth } from '../tiles/tile-reader.ts';
import { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash, rootOf } from '../tree/hashes.ts';
import type { TreeHead } from '../tree/proofs.ts';

/** The right edge of a stored tree: its partial tiles by level, and its last entries. */
export interface Edge {
  readonly size: number;
  readonly levels: readonly (readonly Bytes[])[];
  /** Of the last, partial bundle. */
  readonly entries: readonly Bytes[];
}

/** A tree with leaves added: what it is, and the files that are new. */
export interface Grown {
  readonly head: TreeHead & { readonly root: Bytes };
  readonly files: readonly (readonly [path: string, bytes: Bytes])[];
}

/** REQ-LOG-015: reads the edge of a tree, and holds it to the root that was signed. @throws SymbolonError `log-damaged` */
export async function readEdge(read: ReadLogFile, { size, root }: TreeHead): Promise<Edge> {
  const levels: (readonly Bytes[])[] = [];
  const refs = edgeOf(size);
  const tiles = await Promise.all(refs.map((ref) => storedHashes(read, ref)));
  for (const [i, { level }] of refs.entries()) {
    while (levels.length < level) levels.push([]);
    levels.push(tiles[i] ?? []);
  }
  if (!equalBytes(rootOfEdge(levels), root)) throw new SymbolonError('log-damaged', { path: 'tile' });
  const width = size % TILE_WIDTH;
  const entries: readonly Bytes[] = width === 0 ? [] : await lastEntries(read, size, width);
  const hashes = levels[0] ?? [];
  if (entries.some((entry, i) => !equalBytes(leafHash(entry), hashes[i] ?? EMPTY_ROOT)))
    throw new SymbolonError('log-damaged', { path: 'tile/entries' });
  return { size, levels, entries };
}

/** Adds leaves. Full tiles, and the new partial ones, are the files to write; entry bundles come first. */
export function grow(edge: Edge, leaves: readonly Bytes[]): Grown {
  const size = edge.size + leaves.length;
  const files: [string, Bytes][] = [];
  const firstBundle = Math.floor(edge.size / TILE_WIDTH);
  for (const [index, entries] of inTiles([...edge.entries, ...leaves], firstBundle)) {
    files.push([tilePath({ level: 'entries', index, width: entries.length }), packEntries(entries)]);
  }
  const levels: (readonly Bytes[])[] = [];
  let fresh: readonly Bytes[] = leaves.map(leafHash);
  for (let level = 0; level < edge.levels.length || fresh.length > 0; level++) {
    const before = edge.levels[level] ?? [];
    const first = Math.floor(edge.size / TILE_WIDTH ** (level + 1));
    const upper: Bytes[] = [];
    let partial: readonly Bytes[] = fresh.length === 0 ? before : [];
    if (fresh.length > 0) {
      for (const [index, hashes] of inTiles([...before, ...fresh], first)) {
        files.push([tilePath({ level, index, width: hashes.length }), concatBytes(...hashes)]);
        if (hashes.length === TILE_WIDTH) upper.push(rootOf(hashes));
        else partial = hashes;
      }
    }
    levels.push(partial);
    fresh = upper;
  }
  return { head: { size, root: rootOfEdge(levels) }, files };
}

/** The root by what is left at each level when all full tiles have gone up. */
function rootOfEdge(levels: readonly (readonly Bytes[])[]): Bytes {
  let right: Bytes | undefined;
  for (const hashes of levels) {
    if (hashes.length === 0) continue;
    // A level's own hashes are whole trees of one size, and all of them left of what is below.
    right = right === undefined ? rootOf(hashes) : joined(hashes, right);
  }
  return right ?? EMPTY_ROOT;
}

/** The root of whole trees of one size with a smaller tree to their right. */
function joined(hashes: readonly Bytes[], right: Bytes): Bytes {
  const peaks: Bytes[] = [];
  let rest = hashes;
  while (rest.length > 0) {
    const peak = 2 ** Math.floor(Math.log2(rest.length));
    peaks.push(rootOf(rest.slice(0, peak)));
    rest = rest.slice(peak);
  }
  return peaks.reduceRight((below, peak) => nodeHash(peak, below), right);
}

function* inTiles<T>(
  all: readonly T[],
  first: number,
): Generator<readonly [index: number, part: readonly T[]]> {
  for (let at = 0; at < all.length; at += TILE_WIDTH) {
    yield [first + at / TILE_WIDTH, all.slice(at, at + TILE_WIDTH)];
  }
}

async function storedHashes(read: ReadLogFile, ref: TileRef): Promise<readonly Bytes[]> {
  const { found, width } = await whole(ref, () => readWidth(read, ref));
  if (found.length !== width * HASH_BYTES) throw new SymbolonError('log-damaged', { path: tilePath(ref) });
  return Array.from({ length: ref.width }, (_, i) => found.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

async function lastEntries(read: ReadLogFile, size: number, width: number): Promise<readonly Bytes[]> {
  const ref: TileRef = { level: 'entries', index: Math.floor(size / TILE_WIDTH), width };
  return whole(ref, async () => {
    const { found, width: there } = await readWidth(read, ref);
    return unpackEntries(found, there).slice(0, width);
  });
}

/** What a log has written itself is not there, or is not whole. What the store throws is its own. */
async function whole<T>(ref: TileRef, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isSymbolonError(cause) || !(cause.code === 'log-missing' || cause.code === 'tile-malformed'))
      throw cause;
    throw new SymbolonError('log-damaged', { path: tilePath(ref), cause });
  }
}

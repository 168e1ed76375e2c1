import type { LogTrust } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { leafHash } from '@symbolon/log/hashes';
import type { LogStore } from '@symbolon/log/log-store';
import { multiProof, rootByMultiProof } from '@symbolon/log/multi-proof';
import { checkConsistency, consistencyProof, type TreeHead } from '@symbolon/log/proofs';
import { TILE_WIDTH } from '@symbolon/log/tile-paths';
import { type Tiles, tilesOf } from '@symbolon/log/tile-reader';
import { type Bytes, equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { introduced } from '@symbolon/registry/history/introduced';
import { anchorsIn, newestWitnessed } from './registry-log-anchors.ts';
import { type LogFile, leavesBefore, publicationOf, writeLogFile } from './registry-log-file.ts';
import { type LoggedPublication, neededLeaves } from './registry-log-needed.ts';
import type { PublishedRegistry } from './registry-log-source.ts';

/**
 * What a verifier needs of the log to judge this registry (docs/spec/trust-bundle.md): the witnessed checkpoint, the leaves of the publication and of all that is in it, one proof for
 * these, and the anchors. It goes on from the file before, and reads the whole log only where something is missing. What it gives verifies.
 *
 * @returns nothing, where no checkpoint has enough cosignatures, or the file before goes further
 * @throws SymbolonError `log-damaged` when the stored log does not give the root that was signed, `log-fork` for an anchor that it does not go on from,
 *   `bundle-too-large`; what the store throws
 */
export async function proveRegistry(
  store: LogStore,
  trust: LogTrust,
  { read, trust: { root, snapshot } }: PublishedRegistry,
  before: Bytes | undefined,
): Promise<Bytes | undefined> {
  const witnessed = await newestWitnessed(store, trust);
  const known = before && (await leavesBefore(before, trust));
  if (witnessed === undefined) return undefined;
  const { checkpoint, note } = witnessed;
  if (known !== undefined && known.size > checkpoint.size) return undefined;
  const tiles = tilesOf((path) => store.read(path), checkpoint.size);
  const { meta, version } = snapshot.signed;
  const items = await introduced(read, { root, meta }, undefined);
  const proven = async (from: number, logged: readonly LoggedPublication[]) => {
    const all = [...logged, ...(await publicationsFrom(store, tiles, from))];
    const needed = neededLeaves(all, version, items);
    return { ...needed, hashes: await proofOf(needed.leaves, tiles, checkpoint) };
  };
  const next = known && (await proven(known.size, known.leaves));
  const { leaves, hashes } = next?.isWhole === true && next.hashes !== undefined ? next : await proven(0, []);
  // REQ-LOG-015
  if (hashes === undefined) throw new SymbolonError('log-damaged', { path: 'tile' });
  return writeLogFile({
    checkpoint: note,
    leaves,
    hashes,
    anchors: await anchorProofs(store, trust, checkpoint, tiles),
  });
}

async function publicationsFrom(
  store: LogStore,
  tiles: Tiles,
  from: number,
): Promise<readonly LoggedPublication[]> {
  const found: LoggedPublication[] = [];
  for (let bundle = Math.floor(from / TILE_WIDTH); bundle * TILE_WIDTH < tiles.size; bundle++) {
    const entries = await readEntries((path) => store.read(path), tiles, bundle);
    for (const [i, entry] of entries.entries()) {
      const index = bundle * TILE_WIDTH + i;
      if (index >= from) found.push(...publicationOf(index, entry));
    }
  }
  return found;
}

/** Nothing, when these leaves with that proof do not give the root. */
async function proofOf(
  leaves: readonly LoggedPublication[],
  { size, hashOf }: Tiles,
  { root }: TreeHead,
): Promise<readonly Bytes[] | undefined> {
  const hashed = leaves.map(({ index, text }) => [index, leafHash(utf8(text))] as const);
  try {
    const hashes = await multiProof(
      hashed.map(([index]) => index),
      size,
      hashOf,
    );
    return equalBytes(rootByMultiProof(hashed, size, hashes), root) ? hashes : undefined;
  } catch (error) {
    if (isSymbolonError(error) && error.code === 'inclusion-invalid') return undefined;
    throw error;
  }
}

async function anchorProofs(
  store: LogStore,
  trust: LogTrust,
  newest: TreeHead,
  { size, hashOf }: Tiles,
): Promise<LogFile['anchors']> {
  const anchors = await anchorsIn(store, trust);
  return Promise.all(
    anchors
      .filter(({ checkpoint }) => checkpoint.size <= size)
      .map(async ({ note, checkpoint }) => {
        const hashes = await consistencyProof(checkpoint.size, size, hashOf);
        checkConsistency(checkpoint, newest, hashes);
        return { checkpoint: note, hashes };
      }),
  );
}

import { openCheckpoint, requireWitnesses } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { leafHash, rootOf } from '@symbolon/log/hashes';
import type { LogStore } from '@symbolon/log/log-store';
import { parseVerifierKey } from '@symbolon/log/note-key';
import { consistencyProof, inclusionProof } from '@symbolon/log/proofs';
import { CHECKPOINT, TILE_WIDTH } from '@symbolon/log/tile-paths';
import { tilesOf } from '@symbolon/log/tile-reader';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { equalBytes } from '@symbolon/protocol/bytes';
import type { MadeLog } from './served-log.ts';

/** What the Go side is given to check: many proofs by our own code, in base64. */
export async function proofsOf({ tiles, sizes, checkpoint: { size } }: MadeLog) {
  const texts = (proof: readonly Uint8Array[]) => proof.map(encodeBase64);
  const indices = Array.from({ length: 200 }, (_, i) => Math.floor((i * (size - 1)) / 199));
  const inclusion = await Promise.all(
    indices.map(async (index) => ({
      index,
      leafHash: encodeBase64(await tiles.hashOf(index, 1)),
      proof: texts(await inclusionProof(index, size, tiles.hashOf)),
    })),
  );
  const consistency = await Promise.all(
    sizes.map(async (old) => ({
      old,
      root: encodeBase64(await tiles.hashOf(0, old)),
      proof: texts(await consistencyProof(old, size, tiles.hashOf)),
    })),
  );
  return { inclusion, consistency };
}

/** Reads a log that others made, to its last entry. @returns its size @throws when anything in it is not right, or not all these witnesses have cosigned it */
export async function checkForeignLog(
  store: Pick<LogStore, 'read'>,
  verifierKey: string,
  witnesses: readonly string[],
): Promise<number> {
  const key = parseVerifierKey(verifierKey);
  const trust = {
    origin: key.name,
    keys: [key],
    witnesses: witnesses.map(parseVerifierKey),
    threshold: witnesses.length,
  };
  const checkpoint = await openCheckpoint((await store.read(CHECKPOINT)) ?? '', trust);
  requireWitnesses(checkpoint, trust);
  const { size, root } = checkpoint;
  const tiles = tilesOf((path) => store.read(path), size);
  const hashes: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    hashes.push(...(await readEntries((path) => store.read(path), tiles, index)).map(leafHash));
  }
  if (hashes.length !== size || !equalBytes(rootOf(hashes), root) || !equalBytes(await tiles.root(), root))
    throw new Error('the log does not have the root that it signed');
  return size;
}

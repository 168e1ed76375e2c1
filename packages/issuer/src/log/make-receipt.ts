import { commitmentOf } from '@symbolon/log/commitment';
import { readEntries } from '@symbolon/log/entry-reader';
import { leafHash } from '@symbolon/log/hashes';
import { decodeLeaf } from '@symbolon/log/leaf';
import { checkInclusion, inclusionProof } from '@symbolon/log/proofs';
import { formatReceipt } from '@symbolon/log/receipt';
import { TILE_WIDTH } from '@symbolon/log/tile-paths';
import { type ReadLogFile, tilesOf } from '@symbolon/log/tile-reader';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Decision } from '../decisions/decision.ts';
import type { LeafPlace } from '../ports.ts';
import { openingOf } from './decision-leaf.ts';
import type { VerifiedNote, VerifiedNotes } from './verified-notes.ts';

/**
 * The receipt of a decision, proven against the newest tree that enough witnesses have seen, or against the newest one where the leaf is not in that yet. It is checked before it is
 * handed out: a holder must not get one that nobody believes.
 *
 * @throws SymbolonError `decision-unlogged` when the leaf is in neither, `log-missing`, `tile-malformed`, `leaf-rewritten`, `leaf-malformed`, `receipt-commitment`, `inclusion-invalid`, and
 *   what reading the checkpoints throws
 */
export async function makeReceipt(
  read: ReadLogFile,
  notes: VerifiedNotes,
  decision: Decision,
  { index, salt }: LeafPlace,
): Promise<string> {
  const { size, root, signed } = await noteWith(notes, index);
  const tiles = tilesOf(read, size);
  const entries = await readEntries(read, tiles, Math.floor(index / TILE_WIDTH));
  const entry = entries[index % TILE_WIDTH];
  if (entry === undefined) throw new SymbolonError('log-missing');
  const hashes = await inclusionProof(index, size, tiles.hashOf);
  checkInclusion(leafHash(entry), index, size, root, hashes);
  const leaf = decodeLeaf(entry);
  const opening = openingOf(decision, salt);
  // REQ-LOG-013: of this decision, and of no other one.
  if (leaf.kind !== 'decision' || leaf.commitment !== commitmentOf(decodeBase64url(salt), opening))
    throw new SymbolonError('receipt-commitment');
  return formatReceipt({ leaf, salt, opening, index, hashes, checkpoint: signed });
}

async function noteWith(notes: VerifiedNotes, index: number): Promise<VerifiedNote> {
  const witnessed = await notes.read(true);
  if (witnessed !== undefined && index < witnessed.size) return witnessed;
  const newest = await notes.read(false);
  if (newest !== undefined && index < newest.size) return newest;
  throw new SymbolonError('decision-unlogged');
}

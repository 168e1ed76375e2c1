import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { checkpointText, openCheckpoint, signCheckpoint } from '../note/checkpoint.ts';
import type { NoteKey } from '../note/note-key.ts';
import { tilesOf } from '../tiles/tile-reader.ts';
import { EMPTY_ROOT } from '../tree/hashes.ts';
import { checkConsistency, consistencyProof, type TreeHead } from '../tree/proofs.ts';
import { type Grown, grow, readEdge } from './grow.ts';
import type { LeafSource, PlacedLeaf, WaitingLeaf } from './leaf-source.ts';
import { type LogStore, type LogStores, swap } from './log-store.ts';
import { checkSameTree, publishHead, readPublished } from './published.ts';
import { type HeldState, isMoved, readState, STATE, writeState } from './sequencer-state.ts';

export type { LeafSource, PlacedLeaf, Waiting, WaitingLeaf } from './leaf-source.ts';

export interface Sequencer {
  readonly stores: LogStores;
  /** The log's key, and its name: the origin. */
  readonly key: NoteKey;
  readonly signer: Signer;
  readonly source: LeafSource;
  /**
   * Trees of this log that others have seen signed, and prove it: read before a new one is signed. That is how a log finds out that all of its own files were put back to an older copy.
   */
  readonly seenByOthers?: () => Promise<readonly TreeHead[]>;
}

/** What a round did. */
export interface Round {
  /** Of the tree that everyone can read now. */
  readonly size: number;
  /** Leaves that this round added. */
  readonly added: number;
}

/**
 * One round of a log: what waits goes in, and one checkpoint comes out.
 *
 * Order: finish the last round if need be, see what waits, move the state by compare and swap, write entries and tiles, sign the tree, move the checkpoint, tell the source where its leaves
 * are, close the round. The state holds the leaves of a round until all of that is done. So after a crash at any point the next round finishes what was begun, nothing goes in twice and
 * nothing is lost. Of two rounds at once one wins the swap, before anything was signed or written for everyone: so all trees that are ever signed are one tree that grows. With nothing
 * waiting nothing is written.
 *
 * @throws SymbolonError `checkpoint-conflict` when another round was faster, `log-damaged` when what is stored is not what was signed, `log-fork` when others have seen
 *   another tree, `log-signature` when the signer has another key, `storage-failed` when more than
 *   `LIMITS.roundLeaves` leaves wait to be settled; what stores, source and signer throw
 */
export async function runRound(log: Sequencer, limit: number = LIMITS.roundLeaves): Promise<Round> {
  const { public: store, private: lock } = log.stores;
  const open = await finishRound(log, (await readState(lock)) ?? (await found(log)));
  const state = await settleRest(log, open);
  const { leaves, memory } = await log.source.pending(limit, state.memory, state.unsettled);
  if (leaves.length === 0) {
    const isNew = JSON.stringify(memory) !== JSON.stringify(state.memory);
    if (isNew) await writeState(lock, state, { ...state, memory });
    return { size: state.size, added: 0 };
  }
  await checkPublished(log, state);
  await checkSeen(log, state);
  const grown = await grownBy(store, state, leaves);
  const round = { before: state.root, leaves };
  await finishRound(log, await writeState(lock, state, { ...state, ...grown.head, memory, round }), grown);
  return { size: grown.head.size, added: leaves.length };
}

/** The first state of a log: an empty tree. */
async function found(log: Sequencer): Promise<HeldState> {
  const { public: store, private: lock } = log.stores;
  const published = await readPublished(store, log.key.name);
  // REQ-LOG-015: a log that has lost its state would begin anew, beside what it signed.
  if (published !== undefined) throw await othersOrLost(log, undefined);
  const round = { before: EMPTY_ROOT, leaves: [] };
  return writeState(lock, undefined, { size: 0, root: EMPTY_ROOT, memory: null, round, unsettled: [] });
}

/** REQ-LOG-015: what everyone reads is not ahead of the state, as it is where an old copy of the state was put back. */
async function checkPublished(log: Sequencer, state: HeldState): Promise<void> {
  const published = await readPublished(log.stores.public, log.key.name);
  if (published === undefined) return;
  checkSameTree(published, state);
  if (published.size > state.size) throw await othersOrLost(log, state);
}

/** REQ-LOG-007: what others have seen is the beginning of this tree. Where they have seen more of it, this state is an older copy. */
async function checkSeen(log: Sequencer, state: HeldState): Promise<void> {
  const tiles = tilesOf((path) => log.stores.public.read(path), state.size);
  for (const seen of (await log.seenByOthers?.()) ?? []) {
    if (seen.size > state.size) throw await othersOrLost(log, state, 'log-fork');
    checkConsistency(seen, state, await consistencyProof(seen.size, state.size, tiles.hashOf));
  }
}

/** More was signed than this state knows of: by another sequencer just now, or it is not the newest state. */
async function othersOrLost(
  { stores }: Sequencer,
  state: HeldState | undefined,
  code: 'log-damaged' | 'log-fork' = 'log-damaged',
): Promise<SymbolonError> {
  return (await isMoved(stores.private, state))
    ? new SymbolonError('checkpoint-conflict')
    : new SymbolonError(code, { path: STATE });
}

/** Writes and signs what the state says, and closes the round. Doing it again changes nothing. */
async function finishRound(log: Sequencer, state: HeldState, grown?: Grown): Promise<HeldState> {
  const { round, size, root } = state;
  if (round === undefined) return state;
  const { public: store, private: lock } = log.stores;
  const first = size - round.leaves.length;
  const { head, files } = grown ?? (await grownBy(store, { size: first, root: round.before }, round.leaves));
  // REQ-LOG-015
  if (!equalBytes(head.root, root)) throw new SymbolonError('log-damaged', { path: STATE });
  await Promise.all(files.map(([path, bytes]) => createOnce(store, path, bytes)));
  await publishHead(store, log.key.name, head, () => signed(log, head));
  const placed = round.leaves.map(({ note }, i) => ({ index: first + i, note }));
  // Those of earlier rounds again, too: what could be settled by now must not keep this round open.
  const unsettled = await settled(log.source, [...state.unsettled, ...placed]);
  // More would not be one state file any more: the round stays open.
  if (unsettled.length > LIMITS.roundLeaves) throw new SymbolonError('storage-failed');
  return writeState(lock, state, { ...state, round: undefined, unsettled });
}

/** What was left of earlier rounds once more. Nothing is written where nothing could be done. */
async function settleRest({ stores, source }: Sequencer, state: HeldState): Promise<HeldState> {
  const unsettled = await settled(source, state.unsettled);
  if (unsettled.length === state.unsettled.length) return state;
  return writeState(stores.private, state, { ...state, unsettled });
}

/** @returns those that were not */
async function settled(source: LeafSource, placed: readonly PlacedLeaf[]): Promise<readonly PlacedLeaf[]> {
  if (placed.length === 0) return [];
  if (source.settleSome !== undefined) return source.settleSome(placed);
  await source.settle(placed);
  return [];
}

async function grownBy(store: LogStore, before: TreeHead, leaves: readonly WaitingLeaf[]): Promise<Grown> {
  const edge = await readEdge((path) => store.read(path), before);
  return grow(
    edge,
    leaves.map(({ leaf }) => leaf),
  );
}

async function createOnce(store: LogStore, path: string, bytes: Bytes): Promise<void> {
  if (await swap(store, path, bytes, undefined)) return;
  const there = await store.read(path);
  // Somebody else is just writing it, and is not done.
  if (there === undefined) throw new SymbolonError('checkpoint-conflict');
  // REQ-LOG-015: an earlier try wrote it, or somebody else wrote something else.
  if (!equalBytes(there, bytes)) throw new SymbolonError('log-damaged', { path });
}

/** What was signed is checked before anyone reads it: a signer with another key would spoil the log. */
async function signed({ key, signer }: Sequencer, head: TreeHead): Promise<Bytes> {
  const note = await signCheckpoint(checkpointText(key.name, head), key, signer);
  await openCheckpoint(note, { origin: key.name, keys: [key], witnesses: [], threshold: 0 });
  return utf8(note);
}

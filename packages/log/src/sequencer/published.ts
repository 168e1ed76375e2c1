import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { type Checkpoint, parseCheckpoint } from '../note/checkpoint.ts';
import { CHECKPOINT } from '../tiles/tile-paths.ts';
import type { TreeHead } from '../tree/proofs.ts';
import { type LogStore, swap } from './log-store.ts';

/** A signed checkpoint as everyone reads it, and the bytes that it was read from. */
export interface Published extends Checkpoint {
  readonly stored: Bytes;
}

/** @throws SymbolonError `log-damaged` when it is not a checkpoint of this log */
export async function readPublished(store: LogStore, origin: string): Promise<Published | undefined> {
  const stored = await store.read(CHECKPOINT);
  if (stored === undefined) return undefined;
  try {
    const checkpoint = parseCheckpoint(stored);
    if (checkpoint.origin === origin) return { ...checkpoint, stored };
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('log-damaged', { path: CHECKPOINT, cause });
  }
  throw new SymbolonError('log-damaged', { path: CHECKPOINT });
}

/** REQ-LOG-015: one size has one root. @throws SymbolonError `log-damaged` */
export function checkSameTree(published: TreeHead, { size, root }: TreeHead): void {
  if (published.size === size && !equalBytes(published.root, root))
    throw new SymbolonError('log-damaged', { path: CHECKPOINT });
}

/** Cosignatures may be added to a checkpoint while it is replaced: so often it is tried again. */
const ATTEMPTS = 4;

/**
 * Moves the checkpoint that everyone reads, and never back. A newer one, or the same with cosignatures, stays.
 *
 * @param sign is called only when the checkpoint is needed
 * @throws SymbolonError `log-damaged`; `checkpoint-conflict` when it was changed again and again
 */
export async function publishHead(
  store: LogStore,
  origin: string,
  head: TreeHead,
  sign: () => Promise<Bytes>,
): Promise<void> {
  let note: Bytes | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const there = await readPublished(store, origin);
    if (there !== undefined) checkSameTree(there, head);
    if (there !== undefined && there.size >= head.size) return;
    note ??= await sign();
    if (await swap(store, CHECKPOINT, note, there?.stored)) return;
  }
  throw new SymbolonError('checkpoint-conflict');
}

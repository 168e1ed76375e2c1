import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import {
  type LogTrust,
  openCheckpoint,
  requireWitnesses,
  type VerifiedCheckpoint,
} from '../note/checkpoint.ts';
import { formatNote } from '../note/note.ts';
import { type LogStore, swap, WITNESSED } from '../sequencer/log-store.ts';

/** The newest checkpoint that enough witnesses have cosigned, as it is stored. */
export interface StoredCheckpoint {
  readonly stored: Bytes | undefined;
  /** Nothing where what is stored is not believed any more: keys have been replaced since. */
  readonly checkpoint: VerifiedCheckpoint | undefined;
}

export async function readWitnessed(store: LogStore, trust: LogTrust): Promise<StoredCheckpoint> {
  const stored = await store.read(WITNESSED);
  if (stored === undefined) return { stored, checkpoint: undefined };
  try {
    return { stored, checkpoint: await openCheckpoint(stored, trust) };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return { stored, checkpoint: undefined };
  }
}

const ATTEMPTS = 4;

/**
 * Moves the newest checkpoint that enough witnesses have seen, and never back.
 *
 * @returns the size of the one that is there
 * @throws SymbolonError `checkpoint-conflict` when another was faster again and again
 */
export async function keepWitnessed(
  store: LogStore,
  trust: LogTrust,
  newest: VerifiedCheckpoint,
  before: StoredCheckpoint,
): Promise<number> {
  const bytes = utf8(
    formatNote(
      newest.note.text,
      newest.note.signatures.map(({ line }) => line),
    ),
  );
  const since = enoughSince(newest, trust);
  let current = before;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const size = current.checkpoint?.size ?? 0;
    const sinceBefore = current.checkpoint && enoughSince(current.checkpoint, trust);
    const isNewer =
      since !== undefined &&
      newest.size >= size &&
      (sinceBefore === undefined || newest.size > size || since > sinceBefore);
    if (!isNewer) return sinceBefore === undefined ? 0 : size;
    if (await swap(store, WITNESSED, bytes, current.stored)) return newest.size;
    current = await readWitnessed(store, trust);
  }
  throw new SymbolonError('checkpoint-conflict');
}

function enoughSince(checkpoint: VerifiedCheckpoint, trust: LogTrust): Instant | undefined {
  try {
    return requireWitnesses(checkpoint, trust);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

import {
  type LogTrust,
  openCheckpoint,
  requireWitnesses,
  type VerifiedCheckpoint,
} from '@symbolon/log/checkpoint';
import { WITNESSED } from '@symbolon/log/log-store';
import { CHECKPOINT } from '@symbolon/log/tile-paths';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import { type Bytes, equalBytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';

/** A checkpoint of the log that is what it must be, and the signed note itself. */
export interface VerifiedNote extends VerifiedCheckpoint {
  readonly signed: string;
}

export interface VerifiedNotes {
  /**
   * The newest checkpoint, or the newest one that enough witnesses have seen; nothing while there is none. Where the federation asks for other or more witnesses than it did, there is none before
   * the next round: the new ones have not seen what stands there.
   */
  read(mustBeWitnessed: boolean): Promise<VerifiedNote | undefined>;
  /** Whether a tree that was verified has this leaf. Reads nothing where an older one tells already: a log does not become shorter. */
  covers(index: number, mustBeWitnessed: boolean): Promise<boolean>;
}

/**
 * The two checkpoints of a log, with every signature verified. One that was verified is not verified again while its bytes are the same.
 *
 * Methods throw what the store throws, and SymbolonError `checkpoint-malformed`, `log-origin`, `log-signature`, `cosignature-invalid`.
 */
export function verifiedNotes(read: ReadLogFile, trust: LogTrust): VerifiedNotes {
  const kept = new Map<string, { readonly bytes: Bytes; readonly note: VerifiedNote }>();
  const sizes = new Map<string, number>();
  const verified = async (path: string): Promise<VerifiedNote | undefined> => {
    const bytes = await read(path);
    if (bytes === undefined) return undefined;
    const before = kept.get(path);
    if (before !== undefined && equalBytes(before.bytes, bytes)) return before.note;
    const checkpoint = await openCheckpoint(bytes, trust);
    if (path === WITNESSED && !isWitnessed(checkpoint, trust)) return undefined;
    const note = { ...checkpoint, signed: fromUtf8(bytes) };
    kept.set(path, { bytes, note });
    sizes.set(path, Math.max(note.size, sizes.get(path) ?? 0));
    return note;
  };
  const pathOf = (mustBeWitnessed: boolean) => (mustBeWitnessed ? WITNESSED : CHECKPOINT);
  return {
    read: (mustBeWitnessed) => verified(pathOf(mustBeWitnessed)),
    covers: async (index, mustBeWitnessed) => {
      const path = pathOf(mustBeWitnessed);
      return index < (sizes.get(path) ?? 0) || index < ((await verified(path))?.size ?? 0);
    },
  };
}

function isWitnessed(checkpoint: VerifiedCheckpoint, trust: LogTrust): boolean {
  try {
    requireWitnesses(checkpoint, trust);
    return true;
  } catch (error) {
    if (isSymbolonError(error) && error.code === 'witnesses-too-few') return false;
    throw error;
  }
}

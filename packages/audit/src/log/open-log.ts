import { type LogTrust, openCheckpoint, type VerifiedCheckpoint } from '@symbolon/log/checkpoint';
import { WITNESSED } from '@symbolon/log/log-store';
import { checkConsistency, consistencyProof } from '@symbolon/log/proofs';
import { CHECKPOINT } from '@symbolon/log/tile-paths';
import { type ReadLogFile, tilesOf } from '@symbolon/log/tile-reader';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import type { Findings } from '../findings.ts';
import { rootOfRange } from './compact-range.ts';
import type { LogState } from './log-state.ts';
import { type Sighting, seenOf, stillUnwitnessed, type Unwitnessed, withSightings } from './sightings.ts';

/** A log as it shows itself now. */
export interface OpenedLog {
  readonly checkpoint: VerifiedCheckpoint;
  readonly note: string;
  /** When enough witnesses had seen the largest checkpoint that they have, and its size; nothing when none has enough. */
  readonly witnessedAt: Instant | undefined;
  readonly witnessedSize: number | undefined;
  readonly sightings: readonly Sighting[];
  /** Sizes above that one, and when this auditor saw them first. */
  readonly unwitnessed: readonly Unwitnessed[];
}

/** Notes that contradict each other. */
export interface Contradiction {
  readonly notes: readonly string[];
}

/**
 * Reads the checkpoints of a log, and holds them to what this auditor saw before: signature, cosignatures, consistency. What is found goes to `findings`.
 *
 * @returns nothing when there is no checkpoint to go on with; a contradiction when its history is another one now
 * @throws SymbolonError `log-missing` when a part of it cannot be had
 */
export async function openLog(
  read: ReadLogFile,
  trust: LogTrust,
  before: LogState,
  findings: Findings,
  now: Instant,
): Promise<OpenedLog | Contradiction | undefined> {
  const note = await readNote(read, CHECKPOINT);
  const witnessedNote = await readNote(read, WITNESSED);
  const newest = note === undefined ? undefined : await opened(note, trust, findings, CHECKPOINT, now);
  const witnessed =
    witnessedNote === undefined ? undefined : await opened(witnessedNote, trust, findings, WITNESSED, now);
  if (note === undefined) {
    // Before its first decision a log has no files.
    if (before.newest === undefined)
      findings.add('hashes', 'unchecked', undefined, 'there is no checkpoint: nothing is logged yet');
    else findings.add('hashes', 'failed', 'log-missing', CHECKPOINT);
  }
  if (newest === undefined || note === undefined) return undefined;
  // The two are read one after the other, so the second may be newer: either is a checkpoint of the log.
  const isLater = witnessed !== undefined && witnessed.size > newest.size;
  const [checkpoint, text] = isLater ? [witnessed, witnessedNote ?? note] : [newest, note];
  const older = [newest, witnessed].filter((each) => each !== undefined && each !== checkpoint);

  const tiles = tilesOf(read, checkpoint.size);
  const heads = [
    ...older.map((each) => ({ head: each, note: each === newest ? note : witnessedNote })),
    { head: before.newest, note: before.checkpoint },
    { head: { size: before.range.size, root: rootOfRange(before.range) }, note: before.checkpoint },
  ];
  for (const { head, note: other } of heads) {
    if (head === undefined) continue;
    try {
      // REQ-LOG-008: a log that became shorter is told before any tile is asked for.
      if (head.size > checkpoint.size) throw new SymbolonError('log-truncated');
      checkConsistency(head, checkpoint, await consistencyProof(head.size, checkpoint.size, tiles.hashOf));
    } catch (error) {
      if (!isSymbolonError(error) || (error.code !== 'log-fork' && error.code !== 'log-truncated'))
        throw error;
      findings.add('consistency', 'failed', error.code, `size ${head.size}, now ${checkpoint.size}`);
      return { notes: [other, text].filter((each) => each !== undefined) };
    }
  }
  const seen = seenOf([witnessed, newest], trust);
  // REQ-LOG-005: what they have not seen is not fresh because something smaller is.
  const [largest] = seen.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size || b.since - a.since);
  const witnessedSize = largest?.checkpoint.size;
  return {
    checkpoint,
    note: text,
    witnessedAt: largest?.since,
    witnessedSize,
    sightings: withSightings(before.sightings, seen),
    unwitnessed: stillUnwitnessed(before.unwitnessed, checkpoint.size, witnessedSize ?? 0, now),
  };
}

async function readNote(read: ReadLogFile, path: string): Promise<string | undefined> {
  const bytes = await read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Cosignatures from the future are not counted (docs/spec/log.md), and are not told. */
async function opened(
  note: string,
  trust: LogTrust,
  findings: Findings,
  place: string,
  now: Instant,
): Promise<VerifiedCheckpoint | undefined> {
  try {
    const checkpoint = await openCheckpoint(note, trust);
    const latest = addSeconds(now, WINDOW.witnessAheadSeconds);
    const counted = [...checkpoint.cosigned].filter(([, at]) => at <= latest);
    return { ...checkpoint, cosigned: new Map(counted) };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    const check = error.code === 'cosignature-invalid' ? 'cosignatures' : 'signature';
    findings.add(check, 'failed', error.code, place);
    return undefined;
  }
}

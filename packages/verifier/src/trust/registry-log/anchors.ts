import {
  type Checkpoint,
  type LogTrust,
  openCheckpoint,
  parseCheckpoint,
  requireWitnesses,
  type VerifiedCheckpoint,
} from '@symbolon/log/checkpoint';
import { checkConsistency } from '@symbolon/log/proofs';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant, instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import type { LogAnchor } from '@symbolon/registry/client-state';
import { hashesOf, type LogFile } from './log-file.ts';

/** Anchors are a day apart, and that of a day may be hours late: what was logged is in one of them so soon. */
const ANCHORED_HOURS = 36;
/** So long at least a bundle carries an anchor: one a day, and the first day and the last one are not whole. */
export const CARRIED_HOURS = (LIMITS.logAnchors - 2) * 24;

/** A tree of the log that enough witnesses had seen by a time. */
export interface WitnessedTree {
  readonly checkpoint: VerifiedCheckpoint;
  readonly witnessedAt: Instant;
}

/** An older checkpoint in a bundle. Its size is NOT verified before `open`. */
export interface Anchor {
  readonly parsed: Checkpoint;
  readonly hashes: LogFile['anchors'][number]['hashes'];
  /**
   * Verified once, when it is first needed: signed by the log, and cosigned by enough witnesses. Whether the newest tree begins with it is NOT verified.
   *
   * @throws SymbolonError what `openCheckpoint` and `requireWitnesses` throw
   */
  openSigned(): Promise<WitnessedTree>;
  /**
   * And it is the beginning of the newest tree.
   *
   * @throws SymbolonError also `inclusion-invalid` for a proof that does not lead there
   */
  open(): Promise<WitnessedTree>;
}

/** The anchors of a bundle, oldest first. @throws SymbolonError `checkpoint-malformed`, also where a later one is smaller */
export function anchorsOf(
  file: LogFile,
  newest: WitnessedTree,
  trust: LogTrust,
  now: Instant,
): readonly Anchor[] {
  const anchors = file.anchors.map(({ checkpoint: note, hashes }) => {
    const openSigned = once(() => openWitnessed(note, trust, now));
    const open = once(async () => {
      const tree = await openSigned();
      checkProof(tree.checkpoint, newest, hashes);
      return tree;
    });
    return { parsed: parseCheckpoint(note), hashes, openSigned, open };
  });
  let before = 0;
  for (const { parsed } of anchors) {
    if (parsed.size < before || parsed.size > newest.checkpoint.size)
      throw new SymbolonError('checkpoint-malformed', { path: 'anchors' });
    before = parsed.size;
  }
  return anchors;
}

/**
 * A cosignature from the future counts for nothing (C2SP tlog-cosignature lets verifiers refuse it): its time would bound leads, and say how fresh the log is.
 *
 * @throws SymbolonError what `openCheckpoint` and `requireWitnesses` throw
 */
export async function openWitnessed(note: string, trust: LogTrust, now: Instant): Promise<WitnessedTree> {
  const checkpoint = await openCheckpoint(note, trust);
  const latest = addSeconds(now, WINDOW.witnessAheadSeconds);
  return { checkpoint, witnessedAt: requireWitnesses(checkpoint, trust, latest) };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A wrong proof is no fork: it may be the bundle's alone. @throws SymbolonError `inclusion-invalid` */
export function checkProof(older: Checkpoint, newest: WitnessedTree, hashes: Anchor['hashes']): void {
  try {
    checkConsistency(older, newest.checkpoint, hashesOf(hashes));
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('inclusion-invalid', { path: 'anchors', cause });
  }
}

/**
 * Since when a leaf was public. Its own time is the log's word; the witnesses' times bound it: it was not in a tree that ended before it, and it is in an anchor
 * a day later. So whoever cuts anchors out makes leaves younger, and none older. Of one that has been public for longer than bundles carry anchors its own time counts: no
 * lead is as long.
 */
export async function publicSince(
  index: number,
  at: Instant,
  anchors: readonly Anchor[],
  newest: WitnessedTree,
): Promise<Instant> {
  const first = anchors.findIndex(({ parsed }) => parsed.size > index);
  const covering = first < 0 ? newest : await anchors[first]?.open();
  const without = await anchors.at(first < 0 ? -1 : first - 1)?.open();
  const bounds = [
    ...(covering === undefined || isOlderThanAnchors(covering, newest)
      ? []
      : [addHours(covering.witnessedAt, -ANCHORED_HOURS)]),
    ...(first === 0 || without === undefined ? [] : [without.witnessedAt]),
  ];
  return instant(Math.max(at, ...bounds));
}

function isOlderThanAnchors({ witnessedAt }: WitnessedTree, newest: WitnessedTree): boolean {
  return witnessedAt <= addHours(newest.witnessedAt, -CARRIED_HOURS);
}

/** What a client keeps of a tree. */
export function anchorState({ checkpoint, witnessedAt }: WitnessedTree): LogAnchor {
  const { origin, size, root } = checkpoint;
  return { origin, size, root: encodeBase64(root), witnessedAt };
}

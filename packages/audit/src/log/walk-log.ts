import { TILE_WIDTH } from '@symbolon/log/tile-paths';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import { equalBytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Findings } from '../findings.ts';
import { bundlesInOrder } from './bundles-in-order.ts';
import { growing, rootOfRange } from './compact-range.ts';
import { type BookBounds, openBook } from './leaf-book.ts';
import type { LogState } from './log-state.ts';
import type { OpenedLog } from './open-log.ts';
import { openVerifiedTiles } from './verified-tiles.ts';

export interface Walk {
  /** As far as everything was right: where the next run goes on. */
  readonly state: LogState;
  /** Leaves that were read now. */
  readonly read: number;
  /** Of what was read now and is not in the state: it is looked at again next time. */
  readonly found: LogState;
  /** Whether all of it was read, and is what was signed. */
  readonly isWhole: boolean;
}

export interface WalkOptions {
  readonly now: Instant;
  readonly isStopped: () => boolean;
  readonly onProgress: (done: number, all: number) => void;
  /** Called from time to time with what could be gone on from. */
  readonly keep: (state: LogState) => Promise<void>;
  /** In milliseconds. */
  readonly clock: () => number;
  readonly bounds?: BookBounds;
}

const KEEP_MILLISECONDS = 5_000;
/** Of the time that reading takes, keeping takes less than a tenth. */
const KEEP_SHARE = 10;

/**
 * Reads the leaves of a log that are new, each held to the tree of `opened`. Where the log is not what it signed, that is found, the rest is read all the same, and the state
 * stays before it.
 *
 * @throws SymbolonError `log-missing` when a part of it cannot be had: what was read until then was kept
 */
export async function walkLog(
  read: ReadLogFile,
  opened: OpenedLog,
  before: LogState,
  findings: Findings,
  { now: readAt, isStopped, onProgress, keep, clock, bounds }: WalkOptions,
): Promise<Walk> {
  const { checkpoint, note, sightings, unwitnessed } = opened;
  const { origin } = before;
  const { size, root } = checkpoint;
  const book = openBook(before, { sightings, readAt }, bounds);
  const range = growing(before.range);
  const newest = { size, root };
  const now = (): LogState => ({
    ...book.state(),
    ...{ origin, range: range.range(), checkpoint: note, newest, sightings, unwitnessed },
  });
  let sound: LogState | undefined;
  let keptAt = clock();
  let keepAfter = KEEP_MILLISECONDS;
  let at = before.range.size;
  // What can be gone on from, whatever happens to the rest.
  const stopHere = () => {
    sound ??= now();
    return sound;
  };

  try {
    if (at < size) {
      const tiles = await openVerifiedTiles(read, checkpoint);
      for await (const bundle of bundlesInOrder(read, tiles, size, Math.floor(at / TILE_WIDTH))) {
        const isWhole = bundle.fault === undefined && bundle.entries.every((each) => each !== undefined);
        if (!isWhole) stopHere();
        if (bundle.fault !== undefined)
          findings.add('hashes', 'failed', bundle.fault, `leaves from ${bundle.first}`);
        for (const [i, hash] of (bundle.hashes ?? []).entries()) {
          const index = bundle.first + i;
          if (index < at) continue;
          range.add(hash);
          const entry = bundle.entries[i];
          if (entry !== undefined) book.take(entry, index);
          else if (bundle.fault === undefined)
            // REQ-LOG-011
            findings.add('hashes', 'failed', 'leaf-rewritten', `leaf ${index}`);
        }
        at = Math.min(size, bundle.first + TILE_WIDTH);
        onProgress(at, size);
        if (sound === undefined && clock() - keptAt > keepAfter && at < size) {
          const began = clock();
          await keep(now());
          keptAt = clock();
          keepAfter = Math.max(KEEP_MILLISECONDS, (keptAt - began) * KEEP_SHARE);
        }
        if (isStopped()) break;
      }
    }
  } catch (error) {
    if (sound === undefined && at > before.range.size) await keep(now());
    throw error;
  }
  const isRead = sound === undefined && at === size;
  const isWhole = isRead && equalBytes(rootOfRange(range.range()), root);
  if (isRead && !isWhole) findings.add('hashes', 'failed', 'tile-malformed', 'root');
  const isSound = sound === undefined;
  const state = stopHere();
  return { state, read: at - before.range.size, found: isSound ? state : now(), isWhole };
}

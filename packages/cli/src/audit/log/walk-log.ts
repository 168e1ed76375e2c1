import { decodeLeaf } from '@symbolon/log/leaf';
import { TILE_WIDTH } from '@symbolon/log/tile-paths';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import { collectFindings, type Findings } from '../findings.ts';
import { growing, rootOfRange } from './compact-range.ts';
import { seenBetween } from './leaf-dates.ts';
import { type LogState, MOST_OTHERS, type NumberedLeaf } from './log-state.ts';
import type { OpenedLog } from './open-log.ts';
import { type ReadBundle, readBundle } from './read-bundle.ts';
import { openTally } from './tally.ts';
import { openVerifiedTiles } from './verified-tiles.ts';

/** Bundles that are fetched ahead. */
const AHEAD = 8;

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
  /** Leaves that are no decisions, at most. */
  readonly mostOthers?: number;
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
  { now: readAt, isStopped, onProgress, keep, clock, mostOthers = MOST_OTHERS }: WalkOptions,
): Promise<Walk> {
  const { checkpoint, note, sightings, unwitnessed } = opened;
  const { size, root } = checkpoint;
  const tally = openTally(before.classes, before.uncounted);
  const others: NumberedLeaf[] = [...before.others];
  let { unheld } = before;
  const ofLeaves = collectFindings(before.findings);
  const range = growing(before.range);
  const now = (): LogState => ({
    origin: before.origin,
    range: range.range(),
    checkpoint: note,
    newest: { size, root },
    sightings,
    unwitnessed,
    classes: tally.classes(),
    uncounted: tally.uncounted(),
    others: [...others],
    unheld,
    findings: ofLeaves.all(),
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
      for await (const bundle of inOrder(read, tiles, size, Math.floor(at / TILE_WIDTH))) {
        const isWhole = bundle.fault === undefined && bundle.entries.every((each) => each !== undefined);
        if (!isWhole) stopHere();
        if (bundle.fault !== undefined)
          findings.add('hashes', 'failed', bundle.fault, `leaves from ${bundle.first}`);
        for (const [i, hash] of (bundle.hashes ?? []).entries()) {
          const index = bundle.first + i;
          if (index < at) continue;
          range.add(hash);
          const entry = bundle.entries[i];
          if (entry !== undefined) takeLeaf(entry, index);
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

  function takeLeaf(entry: Bytes, index: number): void {
    const leaf = leafOf(entry);
    // REQ-LOG-001
    if (leaf === undefined) {
      ofLeaves.add('leaf-form', 'failed', 'leaf-malformed', `leaf ${index}`);
      return;
    }
    const { dated, seen } = seenBetween(leaf, index, sightings, readAt);
    if (dated !== 'ok') ofLeaves.add('leaf-dates', dated, 'leaf-misdated', `leaf ${index}`);
    if (leaf.kind === 'decision') tally.add(leaf, index, seen);
    else if (others.length < mostOthers) others.push({ index, leaf });
    else unheld++;
  }
}

function leafOf(entry: Bytes): Leaf | undefined {
  try {
    return decodeLeaf(entry);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

/** Bundles one after another, the next few on their way. */
async function* inOrder(
  read: ReadLogFile,
  tiles: Parameters<typeof readBundle>[1],
  size: number,
  first: number,
): AsyncGenerator<ReadBundle, void> {
  const end = Math.ceil(size / TILE_WIDTH);
  const coming: Promise<ReadBundle>[] = [];
  for (let index = first; index < end || coming.length > 0; ) {
    for (; index < end && coming.length < AHEAD; index++) {
      const bundle = readBundle(read, tiles, size, index);
      // Told when it is its turn.
      bundle.catch(() => undefined);
      coming.push(bundle);
    }
    const next = await coming.shift();
    if (next !== undefined) yield next;
  }
}

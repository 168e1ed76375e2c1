import {
  type LogTrust,
  openCheckpoint,
  requireWitnesses,
  type VerifiedCheckpoint,
} from '@symbolon/log/checkpoint';
import { type LogStore, WITNESSED } from '@symbolon/log/log-store';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { orNothing } from './or-nothing.ts';
import { isOvertaken, writeOver } from './write-over.ts';

/** Checkpoints of the days before, below the URL of the registry's log. */
export const ANCHORS = 'anchors.json';

const Anchors = z.strictObject({
  anchors: z
    .array(z.string().check(z.maxLength(LIMITS.checkpointBytes)))
    .check(z.maxLength(LIMITS.logAnchors)),
});

/** A checkpoint that enough witnesses have cosigned. */
export interface WitnessedCheckpoint {
  readonly note: string;
  readonly checkpoint: VerifiedCheckpoint;
  /** Since when enough of them have it. */
  readonly at: Instant;
}

/** The newest one of a log. Nothing, where no checkpoint has enough cosignatures of those who are witnesses now. @throws SymbolonError what `openCheckpoint` throws */
export async function newestWitnessed(
  store: LogStore,
  trust: LogTrust,
): Promise<WitnessedCheckpoint | undefined> {
  const stored = await store.read(WITNESSED);
  if (stored === undefined) return undefined;
  return witnessedIn(await openCheckpoint(stored, trust), fromUtf8(stored), trust);
}

/**
 * Keeps the first witnessed checkpoint of each day (UTC), the oldest ones first, as many as a bundle carries: what a verifier has seen of the log it finds there again, and what was not in
 * one is younger than it. Of two that write at once one is enough.
 *
 * @throws SymbolonError `log-damaged` when what is stored is no such list; what the store throws
 */
export async function keepAnchor(
  store: LogStore,
  trust: LogTrust,
  { note, at }: WitnessedCheckpoint,
): Promise<void> {
  const stored = await store.read(ANCHORS);
  const notes = stored === undefined ? [] : notesIn(stored);
  const last = notes.at(-1);
  const before = last === undefined ? undefined : await opened(last, trust);
  if (before !== undefined && dayOf(before.at) >= dayOf(at)) return;
  const anchors = [...notes, note].slice(-LIMITS.logAnchors);
  const bytes = utf8(JSON.stringify({ anchors }));
  try {
    await writeOver(store, ANCHORS, bytes, stored);
  } catch (error) {
    if (!isOvertaken(error)) throw error;
  }
}

/** Those that hold by the log's keys and the witnesses of now: nobody could check the others any more. */
export async function anchorsIn(store: LogStore, trust: LogTrust): Promise<readonly WitnessedCheckpoint[]> {
  const stored = await store.read(ANCHORS);
  if (stored === undefined) return [];
  const anchors = await Promise.all(notesIn(stored).map((note) => opened(note, trust)));
  return anchors.filter((anchor) => anchor !== undefined);
}

function notesIn(stored: Bytes): readonly string[] {
  try {
    return check(Anchors, parseStrictJson(fromUtf8(stored)), 'log-damaged').anchors;
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('log-damaged', { path: ANCHORS, cause });
  }
}

function opened(note: string, trust: LogTrust): Promise<WitnessedCheckpoint | undefined> {
  return orNothing(async () => witnessedIn(await openCheckpoint(note, trust), note, trust));
}

function witnessedIn(
  checkpoint: VerifiedCheckpoint,
  note: string,
  trust: LogTrust,
): Promise<WitnessedCheckpoint | undefined> {
  return orNothing(() => ({ note, checkpoint, at: requireWitnesses(checkpoint, trust) }));
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY_SECONDS);
}

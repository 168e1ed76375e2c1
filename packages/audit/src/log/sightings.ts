import { type LogTrust, requireWitnesses, type VerifiedCheckpoint } from '@symbolon/log/checkpoint';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { InstantText } from '@symbolon/protocol/schemas/common';
import * as z from 'zod/mini';

/** A checkpoint as this auditor saw it: between `since` and `last` witnesses said that this was the log. */
export const Sighting = z.object({ size: z.int().check(z.gte(0)), since: InstantText, last: InstantText });
export type Sighting = z.output<typeof Sighting>;

/** A size that witnesses had not seen, and when this auditor saw it first. */
export const Unwitnessed = z.object({ size: z.int().check(z.gte(0)), seen: InstantText });
export type Unwitnessed = z.output<typeof Unwitnessed>;

/** So many are enough to date leaves by: a checkpoint an hour for half a year. */
const SIGHTINGS = 4096;

/** A checkpoint that enough witnesses have seen, and since when. */
export interface SeenCheckpoint {
  readonly checkpoint: VerifiedCheckpoint;
  readonly since: Instant;
}

/** Those of these that enough witnesses have seen. */
export function seenOf(
  checkpoints: readonly (VerifiedCheckpoint | undefined)[],
  trust: LogTrust,
): readonly SeenCheckpoint[] {
  return checkpoints.flatMap((checkpoint) => {
    const since = checkpoint && sinceOf(checkpoint, trust);
    return checkpoint === undefined || since === undefined ? [] : [{ checkpoint, since }];
  });
}

/** The time of the last cosignature that was needed. */
function sinceOf(checkpoint: VerifiedCheckpoint, trust: LogTrust): Instant | undefined {
  try {
    return requireWitnesses(checkpoint, trust);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

/** What was seen before, and now. */
export function withSightings(
  before: readonly Sighting[],
  seen: readonly SeenCheckpoint[],
): readonly Sighting[] {
  const bySize = new Map(before.map((each) => [each.size, each]));
  for (const fresh of seen.map(sightingOf)) {
    const known = bySize.get(fresh.size);
    const last = instant(Math.max(fresh.last, known?.last ?? 0));
    bySize.set(fresh.size, { ...(known ?? fresh), last });
  }
  return [...bySize.values()].toSorted((a, b) => a.size - b.size).slice(-SIGHTINGS);
}

function sightingOf({ checkpoint, since }: SeenCheckpoint): Sighting {
  const last = [...checkpoint.cosigned.values()].toSorted((a, b) => b - a)[0] ?? since;
  return { size: checkpoint.size, since, last };
}

/** Sizes above what witnesses have seen. */
export function stillUnwitnessed(
  before: readonly Unwitnessed[],
  size: number,
  witnessedSize: number,
  now: Instant,
): readonly Unwitnessed[] {
  const left = before.filter((each) => each.size > witnessedSize);
  // The first ones say how long it lasts.
  const isNew = size > Math.max(witnessedSize, left.at(-1)?.size ?? 0) && left.length < SIGHTINGS;
  return isNew ? [...left, { size, seen: now }] : left;
}

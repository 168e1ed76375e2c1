import { DAY_SECONDS, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import { endOf } from './class.ts';
import type { Sighting } from './sightings.ts';

/** How far two clocks may lie apart. */
const SKEW_SECONDS = 300;

export interface SeenBetween {
  /** `warning`: later in the log than it should be, as one is whose log had stood still. */
  readonly dated: 'ok' | 'warning' | 'failed';
  /** Hours since 1970, of a leaf that says the day only: it came into the log in this hour or within the one before. Nothing when this auditor does not know as closely. */
  readonly seen: number | undefined;
}

/**
 * REQ-AUD-002: whether a leaf is dated later than witnesses saw it, or, a decision or a burst, earlier than the hour before they saw the log without it. A log that stood still for up to a day dates
 * its leaves honestly so: that is a warning. An auditor that comes often sees more checkpoints, and so dates leaves more closely; one that reads a log for the first time has the newest checkpoint only.
 *
 * @param sightings by increasing size
 * @param now no leaf that witnesses have not seen yet is from later
 */
export function seenBetween(
  leaf: Leaf,
  index: number,
  sightings: readonly Sighting[],
  now: Instant,
): SeenBetween {
  const at = firstAbove(sightings, index);
  const [without, within] = [sightings[at - 1], sightings[at]?.last ?? now];
  const last = Math.floor(within / HOUR_SECONDS);
  const isClose = without !== undefined && last - Math.floor(without.last / HOUR_SECONDS) <= 1;
  const seen = leaf.kind === 'decision' && leaf.per === 'day' && isClose ? last : undefined;
  if (leaf.at > within + SKEW_SECONDS) return { dated: 'failed', seen };
  if ((leaf.kind !== 'decision' && leaf.kind !== 'burst') || without === undefined)
    return { dated: 'ok', seen };
  const end = leaf.kind === 'decision' ? endOf(leaf) : leaf.at;
  const late = without.since - end - HOUR_SECONDS;
  if (late <= 0) return { dated: 'ok', seen };
  return { dated: late > DAY_SECONDS - HOUR_SECONDS ? 'failed' : 'warning', seen };
}

/** Place of the first sighting of a tree that has the leaf. */
function firstAbove(sightings: readonly Sighting[], index: number): number {
  let [low, high] = [0, sightings.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sightings[middle]?.size ?? 0) > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

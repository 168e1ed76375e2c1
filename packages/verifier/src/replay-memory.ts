import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, REPLAY_SECONDS } from '@symbolon/protocol/limits';

/** Which presentations were shown here within the window. */
export interface ReplayMemory {
  /** Whether this id came within the window before. If not, it counts as having come now. */
  isRepeat(presentationId: string, now: Instant): boolean;
  readonly size: number;
}

/**
 * Ids are kept in the order in which they came. Past so many `entries` the oldest goes: `LIMITS.replayMemoryEntries` in 90 seconds are more than any gate
 * sees.
 */
export function createReplayMemory(entries: number = LIMITS.replayMemoryEntries): ReplayMemory {
  const seen = new Map<string, Instant>();
  // The map alone would do, but one whose first entries are gone looks for its first one at the place of each of them.
  let order: string[] = [];
  let first = 0;
  const drop = (isGone: (at: Instant) => boolean) => {
    for (let id = order[first]; id !== undefined; id = order[first]) {
      const at = seen.get(id);
      if (at !== undefined && !isGone(at)) break;
      seen.delete(id);
      first++;
    }
    if (first <= order.length / 2) return;
    order = order.slice(first);
    first = 0;
  };
  return {
    isRepeat: (id, now) => {
      drop((at) => now - at > REPLAY_SECONDS);
      const at = seen.get(id);
      // After a clock was set back, one whose time is over can stand behind others.
      if (at !== undefined && now - at <= REPLAY_SECONDS) return true;
      seen.delete(id);
      // Room is made for a new one only: a copy must not push out what it is a copy of.
      drop(() => seen.size >= entries);
      seen.set(id, now);
      order.push(id);
      return false;
    },
    get size() {
      return seen.size;
    },
  };
}

import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';

/** How long an id is remembered: as long as the presentation could be accepted again, from the first second of its window on. */
const MEMORY_SECONDS = WINDOW.aheadSeconds + WINDOW.behindSeconds;

/** Which presentations were shown here within the window. */
export interface ReplayMemory {
  /** Whether this id came within the window before. If not, it counts as having come now. */
  isRepeat(presentationId: string, now: Instant): boolean;
  readonly size: number;
}

/**
 * Ids are kept in the order in which they came. Past `LIMITS.replayMemoryEntries` the oldest goes: so many in 90 seconds are more than any gate
 * sees.
 */
export function createReplayMemory(): ReplayMemory {
  const seen = new Map<string, Instant>();
  const drop = (isGone: (at: Instant) => boolean) => {
    for (const [id, at] of seen) {
      if (!isGone(at)) return;
      seen.delete(id);
    }
  };
  return {
    isRepeat: (id, now) => {
      drop((at) => now - at > MEMORY_SECONDS);
      if (seen.has(id)) return true;
      // Room is made for a new one only: a copy must not push out what it is a copy of.
      drop(() => seen.size >= LIMITS.replayMemoryEntries);
      seen.set(id, now);
      return false;
    },
    get size() {
      return seen.size;
    },
  };
}

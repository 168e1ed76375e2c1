import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, REPLAY_SECONDS } from '@symbolon/protocol/limits';

/** Which presentations were shown here within the window. */
export interface ReplayMemory {
  /** Whether this id came within the window before. If not, it counts as having come now. */
  isRepeat(presentationId: string, now: Instant): boolean;
  /** Whether nothing that is still within its window would have to go for this id. */
  hasRoomFor(presentationId: string, now: Instant): boolean;
  readonly size: number;
}

/**
 * Ids are kept in the order in which they came, and go only when their room is needed: first those whose time is over, then the oldest. So a clock that jumps ahead
 * and comes back makes nobody forget. A gate sees fewer than `LIMITS.replayMemoryEntries` in 90 seconds; who does not, asks `hasRoomFor` before.
 */
export function createReplayMemory(entries: number = LIMITS.replayMemoryEntries): ReplayMemory {
  const seen = new Map<string, Instant>();
  // The map alone would do, but one whose first entries are gone looks for its first one at the place of each of them.
  let order: { readonly id: string; readonly at: Instant }[] = [];
  let first = 0;
  const oldest = () => {
    // One that came again later stands further back as well.
    while (first < order.length && seen.get(order[first]?.id ?? '') !== order[first]?.at) first++;
    return order[first];
  };
  const forgetOldest = () => {
    seen.delete(oldest()?.id ?? '');
    if (++first <= order.length / 2) return;
    order = order.slice(first);
    first = 0;
  };
  const isOver = (at: Instant, now: Instant) => now - at > REPLAY_SECONDS;
  const isKnown = (id: string, now: Instant) => {
    const at = seen.get(id);
    return at !== undefined && !isOver(at, now);
  };
  return {
    isRepeat: (id, now) => {
      if (isKnown(id, now)) return true;
      seen.delete(id);
      while (seen.size >= entries) forgetOldest();
      seen.set(id, now);
      order.push({ id, at: now });
      return false;
    },
    hasRoomFor: (id, now) => {
      if (seen.size < entries || isKnown(id, now)) return true;
      const first = oldest();
      return first === undefined || isOver(first.at, now);
    },
    get size() {
      return seen.size;
    },
  };
}

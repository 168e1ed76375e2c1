import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { createReplayMemory } from './replay-memory.ts';

/**
 * Port: what several scanners of one place, or several processes of one service, were shown within the window.
 *
 * Contract: of all claims of one id, by whichever scanner, that come within `REPLAY_SECONDS` of the one that was answered with true, none other is answered
 * with true: also of two at once, and after a restart of either. After that time an id counts as never claimed. Times are the scanners' own clocks. That is enough
 * for clocks that differ, since no clock that accepts a presentation is more than `REPLAY_SECONDS` ahead of another that accepts it.
 *
 * Forgetting breaks the contract, and so does answering from a copy that may lag behind. Whoever does not know fails, within seconds: the scanner then refers the
 * case to a person. A claim that was kept and whose answer was lost is answered with false when it is made again: the holder shows afresh.
 */
export interface SharedReplayMemory {
  /** Whether this is the first claim of the id. @throws anything when it cannot be known */
  claim(presentationId: string, now: Instant): Promise<boolean>;
}

/** One memory for all scanners of one process: a service that verifies by several policies. It forgets nothing: when it is full, it fails. */
export function createProcessReplayMemory(entries?: number): SharedReplayMemory {
  const memory = createReplayMemory(entries);
  return {
    claim: async (presentationId, now) => {
      if (!memory.hasRoomFor(presentationId, now)) throw new SymbolonError('replay-unknown');
      return !memory.isRepeat(presentationId, now);
    },
  };
}

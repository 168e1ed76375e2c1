import { addSeconds, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplayMemory } from './replay-memory.ts';

const T0 = instant(1_800_000_000);
const WINDOW_SECONDS = 90;

describe('REQ-BND-010 what a scanner remembers', () => {
  it('an id, from the first second of the window to its last', () => {
    const memory = createReplayMemory();
    expect(memory.isRepeat('a', T0)).toBe(false);
    expect(memory.isRepeat('b', T0)).toBe(false);
    expect(memory.isRepeat('a', T0)).toBe(true);
    expect(memory.isRepeat('a', addSeconds(T0, WINDOW_SECONDS))).toBe(true);
    expect(memory.isRepeat('a', addSeconds(T0, WINDOW_SECONDS + 1))).toBe(false);
  });

  it('not longer because it was shown again', () => {
    const memory = createReplayMemory();
    memory.isRepeat('a', T0);
    memory.isRepeat('a', addSeconds(T0, 80));
    expect(memory.isRepeat('a', addSeconds(T0, WINDOW_SECONDS + 1))).toBe(false);
  });

  it('also when the clock is set back meanwhile', () => {
    const memory = createReplayMemory();
    memory.isRepeat('a', T0);
    expect(memory.isRepeat('a', addSeconds(T0, -3600))).toBe(true);
  });

  it('also when the clock jumps ahead meanwhile, and comes back', () => {
    const memory = createReplayMemory();
    memory.isRepeat('a', T0);
    memory.isRepeat('b', addSeconds(T0, 600));
    expect(memory.isRepeat('a', addSeconds(T0, 20))).toBe(true);
  });

  it('says when something that may still be shown would have to go', () => {
    const memory = createReplayMemory(2);
    memory.isRepeat('a', T0);
    memory.isRepeat('b', addSeconds(T0, 10));
    const end = addSeconds(T0, WINDOW_SECONDS);
    expect(memory.hasRoomFor('c', end)).toBe(false);
    expect(memory.hasRoomFor('a', end)).toBe(true);
    expect(memory.hasRoomFor('c', addSeconds(end, 1))).toBe(true);
    // The older one came again: now the other one is the oldest, and its time is not over.
    expect(memory.isRepeat('a', addSeconds(end, 1))).toBe(false);
    expect(memory.hasRoomFor('c', addSeconds(end, 1))).toBe(false);
    expect(memory.hasRoomFor('c', addSeconds(end, 11))).toBe(true);
    memory.isRepeat('c', addSeconds(end, 11));
    expect([memory.isRepeat('a', addSeconds(end, 11)), memory.size]).toEqual([true, 2]);
  });

  it('no more than its bound: past it the oldest goes first', () => {
    const memory = createReplayMemory();
    for (let i = 0; i < LIMITS.replayMemoryEntries; i++) memory.isRepeat(`id ${i}`, T0);
    expect(memory.size).toBe(LIMITS.replayMemoryEntries);
    expect(memory.isRepeat('id 0', T0)).toBe(true);
    expect(memory.isRepeat('one more', T0)).toBe(false);
    expect(memory.size).toBe(LIMITS.replayMemoryEntries);
    expect(memory.isRepeat('id 1', T0)).toBe(true);
    expect(memory.isRepeat('id 0', T0)).toBe(false);
  });

  it('as a list of everything seen would, for any sequence of showings', () => {
    const showing = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat({ max: 60 }));
    fc.assert(
      fc.property(fc.array(showing, { maxLength: 40 }), (showings) => {
        const memory = createReplayMemory();
        const shown: { id: string; at: number }[] = [];
        let now = T0;
        for (const [id, pause] of showings) {
          now = addSeconds(now, pause);
          const repeated = shown.some((each) => each.id === id && now - each.at <= WINDOW_SECONDS);
          expect(memory.isRepeat(id, now)).toBe(repeated);
          if (!repeated) shown.push({ id, at: now });
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

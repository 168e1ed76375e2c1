import { addHours, type Instant } from '@symbolon/protocol/instant';

/** A clock that goes in hours and waits for the work: no hour is skipped, however slow the machine is. */
export interface SimulatedClock {
  now(): Instant;
  /** Goes on by an hour, but not faster than `speed` times the real time since the start. */
  nextHour(): Promise<void>;
}

export function simulatedClock(start: Instant, speed: number): SimulatedClock {
  const realStart = performance.now();
  let hours = 0;
  return {
    now: () => addHours(start, hours),
    nextHour: async () => {
      hours++;
      const due = realStart + (hours * 3_600_000) / speed;
      const wait = due - performance.now();
      // Whoever no longer waits for it is not held up.
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait).unref());
    },
  };
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

/** What lives on the heap, in bytes, once everything that nobody needs any more is gone. */
export function livingBytes(): number {
  // What is freed by the first one can free more.
  for (let i = 0; i < 2; i++) if (typeof gc === 'function') gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The most memory that this process has had at once, in bytes, its garbage and its code among it. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

export interface Spent {
  /** CPU time of all threads. */
  readonly cpu: number;
  /** By the clock: others may use the machine as well. */
  readonly wall: number;
}

export interface Stopwatch {
  /** Measures some work, and adds it to what was measured before. */
  measure<T>(work: () => Promise<T>): Promise<T>;
  /** Seconds so far. */
  spent(): Spent;
}

export function stopwatch(): Stopwatch {
  let cpu = 0;
  let wall = 0;
  return {
    measure: async (work) => {
      const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()];
      try {
        return await work();
      } finally {
        const { user, system } = process.cpuUsage(cpuBefore);
        cpu += (user + system) / 1e6;
        wall += (performance.now() - wallBefore) / 1e3;
      }
    },
    spent: () => ({ cpu, wall }),
  };
}

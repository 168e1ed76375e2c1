import type { JobRecord, JobStore, Tallies } from '../ports.ts';

export interface MemoryWork {
  readonly tallies: Tallies;
  readonly jobs: JobStore;
}

export function memoryWork(): MemoryWork {
  const counts = new Map<string, Map<number, number>>();
  const of = (key: string) => {
    const known = counts.get(key) ?? new Map<number, number>();
    counts.set(key, known);
    return known;
  };
  const jobs = new Map<string, JobRecord>();
  return {
    tallies: {
      add: async (key, hour, by) => {
        const hours = of(key);
        hours.set(hour, (hours.get(hour) ?? 0) + by);
        return new Map(hours);
      },
      read: async (key) => new Map(of(key)),
    },
    jobs: {
      read: async (name) => jobs.get(name),
      write: async (name, record) => {
        if (record.state.length > 4096) throw new Error('a job keeps too much');
        if ((jobs.get(name)?.version ?? 0) !== record.version - 1) return false;
        jobs.set(name, record);
        return true;
      },
    },
  };
}

/** Counts by hour: how many adverse decisions, or how large a class is. */
export interface Tallies {
  /**
   * Adds to the count of one hour (hours since 1970) by one atomic write; two at once both count. Answers all counts of the key that are kept: those of the last
   * 168 hours at least.
   */
  add(key: string, hour: number, by: number): Promise<HourlyCounts>;
  /** Consistent. */
  read(key: string): Promise<HourlyCounts>;
}

export type HourlyCounts = ReadonlyMap<number, number>;

/** Where a job that visits everyone has come to. */
export interface JobStore {
  read(name: string): Promise<JobRecord | undefined>;
  /** Compare and swap: stores a record over the one of version `version - 1` (version 1: over none). False when another writer was faster. */
  write(name: string, record: JobRecord): Promise<boolean>;
}

export interface JobRecord {
  readonly version: number;
  /** JSON of the job's own, below 4 KiB. Nothing about a person but a cursor. */
  readonly state: string;
}

import type { Instant } from '@symbolon/protocol/instant';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Region, RegionKey } from '@symbolon/protocol/schemas/region';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';

/** A rule as it was published. */
export interface PastRule {
  readonly scheme: string;
  /** `id@version` */
  readonly ref: string;
  readonly rule: Rule;
  /** SHA-256 of the rule in canonical JSON, over what was published. */
  readonly digest: string;
}

/** What a region said in one publication. */
export interface PastRegion {
  readonly region: Region | undefined;
  readonly keys: readonly RegionKey[];
  readonly rules: readonly PastRule[];
}

/** The registry as one publication left it. */
export interface Past {
  /** Of the snapshot, and SHA-256 of its file. */
  readonly version: number;
  readonly sha256: string;
  /** Version of the root that it is read under; nothing when its record does not tell. */
  readonly root: number | undefined;
  /** From then on. */
  readonly at: Instant;
  readonly federation: Federation;
  readonly schemes: ReadonlyMap<string, Scheme>;
  readonly regions: ReadonlyMap<string, PastRegion>;
  /** Role -> TUF key ids that may sign for it, as those who delegate it say. */
  readonly roleKeys: ReadonlyMap<string, readonly string[]>;
  /** Regions with a role whose file is gone or damaged: of them it says what the publication before said. */
  readonly damaged: readonly string[];
}

export interface PastRegistry {
  /** Oldest first. */
  readonly publications: readonly Past[];
  /** Whether they go back to the first one. */
  readonly isWhole: boolean;
  /** Versions that are there and cannot be read. */
  readonly unreadable: readonly number[];
}

/** The publication that was in force at a time: the newest one from before, or the first one. */
export function pastAt({ publications }: PastRegistry, at: number): Past | undefined {
  return publications[Math.max(0, afterTime(publications, at) - 1)];
}

/** Place of the first publication after a time. */
function afterTime(publications: readonly Past[], at: number): number {
  let [low, high] = [0, publications.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((publications[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those that were in force at some time of `[from, to)`. */
export function pastsDuring(past: PastRegistry, from: number, to: number): readonly Past[] {
  const { publications } = past;
  const begin = Math.max(0, afterTime(publications, from) - 1);
  let end = begin + 1;
  while ((publications[end]?.at ?? to) < to) end++;
  return publications.slice(begin, end);
}

import { parentRegion } from '@symbolon/protocol/ids';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
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
  /** Regions with a file of theirs, or of a role, that is gone or damaged: of them it says what the publication before said. */
  readonly damaged: readonly string[];
  /** When publications that cannot be read came after this one: what was in force from then until the next one is not known. */
  readonly gapFrom: Instant | undefined;
}

export interface PastRegistry {
  /** Oldest first. */
  readonly publications: readonly Past[];
  /** Whether they go back to the first one, and it can be read. */
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

/** A region goes by what was taken out for as long, until its functions have read the registry anew. */
export const SLOW_SECONDS = HOUR_SECONDS;

/** Those that were in force at some time of `[from, to)`. */
export function pastsDuring(past: PastRegistry, from: number, to: number): readonly Past[] {
  const { publications } = past;
  const begin = Math.max(0, afterTime(publications, from) - 1);
  let end = begin + 1;
  while ((publications[end]?.at ?? to) < to) end++;
  return publications.slice(begin, end);
}

/** Whether all that was in force at some time of `[from, to)` is known: of the federation, that is. */
export function isKnown(past: PastRegistry, from: number, to: number): boolean {
  const [first] = past.publications;
  if (first === undefined || (!past.isWhole && from < first.at)) return false;
  return pastsDuring(past, from, to).every(({ gapFrom }) => gapFrom === undefined || gapFrom >= to);
}

/** Whether what the region said at some time of `[from, to)` could be read, and where it logged. */
export function isRegionKnown(past: PastRegistry, region: string, from: number, to: number): boolean {
  return pastsDuring(past, from, to).every((each) => isReadable(each, region));
}

function isReadable({ regions, damaged }: Past, region: string): boolean {
  for (let id: string | undefined = region; id !== undefined; id = parentRegion(id)) {
    if (damaged.includes(id)) return false;
    if (regions.get(id)?.region?.log !== undefined) return true;
  }
  return true;
}

/** Whether what the region has published up to a time may have been in a publication that cannot be read. */
export function mayBeHidden(past: PastRegistry, region: string, at: number): boolean {
  if (!isKnown(past, at, at + 1)) return true;
  return past.publications.some(
    (each) => each.at <= at && (each.gapFrom !== undefined || each.damaged.includes(region)),
  );
}

/** Whether what is new of a region in this publication may have come in one before, which cannot be read: its lead is not known. */
export function isAfterGap(publications: readonly Past[], i: number, region: string | undefined): boolean {
  const before = publications[i - 1];
  if (before === undefined) return false;
  return before.gapFrom !== undefined || (region !== undefined && before.damaged.includes(region));
}

import type { PublicationLeaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';

/** A leaf of the registry's log. */
export interface LoggedPublication {
  readonly index: number;
  /** As it stands in the log. */
  readonly text: string;
  readonly leaf: PublicationLeaf;
}

export interface Needed {
  readonly leaves: readonly LoggedPublication[];
  /** Whether the publication in hand is among them, and all that it has was introduced by one of them. */
  readonly isWhole: boolean;
}

/**
 * The leaves that a bundle of one publication carries: its own, and for everything that is in it the newest one that introduced it. Those of later
 * publications stay, too: whoever wrote the registry meanwhile goes on from here.
 *
 * @param logged by increasing index
 * @param items all that is in the publication
 */
export function neededLeaves(
  logged: readonly LoggedPublication[],
  version: number,
  items: readonly PublishedItem[],
): Needed {
  const newest = new Map<string, number>();
  const wanted = new Set<number>();
  for (const { index, leaf } of logged) {
    if (leaf.version >= version) wanted.add(index);
    if (leaf.version > version) continue;
    for (const name of leaf.items.flatMap(namesIn)) newest.set(name, index);
  }
  let isWhole = logged.some(({ leaf }) => leaf.version === version);
  for (const name of items.flatMap(namesIn)) {
    const index = newest.get(name);
    if (index === undefined) isWhole = false;
    else wanted.add(index);
  }
  return { leaves: logged.filter(({ index }) => wanted.has(index)), isWhole };
}

/** A key by use and beginning, a rule by its text. Revocations need no lead. */
function namesIn(item: PublishedItem): readonly string[] {
  if ('role' in item) return item.keyids.map((keyid) => `role ${item.role} ${keyid}`);
  if ('rules' in item)
    return item.rules.map(({ rule, digest }) => `rule ${item.region} ${item.scheme} ${rule} ${digest}`);
  return item.keys.map(({ kid, use, notBefore }) => `key ${item.region} ${use} ${kid} ${notBefore}`);
}

import { parentRegion } from '@symbolon/protocol/ids';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import type { Findings } from '../findings.ts';
import type { NumberedLeaf } from '../log/numbered-leaf.ts';
import { isKnown, isRegionKnown, type PastRegistry, pastsDuring } from '../registry/past.ts';

type BurstLeaf = Extract<Leaf, { kind: 'burst' }>;

/**
 * Since when each rule version answers a true outbreak, by region, scheme and rule. What was not held before, or was not released by two from above (REQ-ISS-031), releases nothing, and is
 * found: the leaf of each state comes after that of the state before (docs/spec/log.md).
 *
 * @param others by increasing index
 */
export function checkReleases(
  others: readonly NumberedLeaf[],
  past: PastRegistry,
  findings: Findings,
): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  const state = new Map<string, BurstLeaf['state']>();
  for (const { index, leaf } of others) {
    if (leaf.kind !== 'burst') continue;
    const burst = `${leaf.region} ${leaf.scheme} ${leaf.cause} ${leaf.heldAt}`;
    const before = state.get(burst);
    state.set(burst, leaf.state);
    const isInOrder = before === (leaf.state === 'held' ? undefined : 'held') && leaf.at >= leaf.heldAt;
    const isReleased = leaf.state === 'released';
    const isRefused = isReleased && !isByTwo(leaf, past);
    // Who was above then is not known: it is held against nobody.
    const isUnknown = isRefused && !areKnown(leaf, past);
    if (isUnknown) findings.add('bursts', 'unchecked', undefined, `leaf ${index}`);
    if (!isInOrder || (isRefused && !isUnknown)) {
      findings.add('bursts', 'failed', 'release-refused', `leaf ${index}`);
      continue;
    }
    if (!isReleased) continue;
    for (const rule of leaf.rules ?? []) {
      const key = `${leaf.region} ${leaf.scheme} ${rule}`;
      since.set(key, Math.min(leaf.at, since.get(key) ?? leaf.at));
    }
  }
  return since;
}

function isByTwo(leaf: BurstLeaf, past: PastRegistry): boolean {
  const by = new Set(leaf.by);
  const overseers = new Set<string>();
  const above = parentRegion(leaf.region);
  // The statements were signed a little before the leaf was made.
  for (const { federation, regions } of pastsDuring(past, leaf.heldAt, leaf.at + 1)) {
    const own = above === undefined ? undefined : regions.get(above)?.region;
    for (const kid of above === undefined ? federalOverseers(federation) : releasersOf(own))
      overseers.add(kid);
  }
  return by.size === 2 && [...by].every((kid) => overseers.has(kid));
}

/** Whether those who could release it are. */
function areKnown({ region, heldAt, at }: BurstLeaf, past: PastRegistry): boolean {
  const above = parentRegion(region);
  if (!isKnown(past, heldAt, at + 1)) return false;
  return above === undefined || isRegionKnown(past, above, heldAt, at + 1);
}

function federalOverseers({ overseers }: Federation): readonly string[] {
  return (overseers ?? []).map(({ kid }) => kid);
}

type Region = NonNullable<ReturnType<PastRegistry['publications'][number]['regions']['get']>>['region'];

function releasersOf(region: Region): readonly string[] {
  return Object.values(region?.authorities ?? {}).flatMap(({ operators }) =>
    operators.filter(({ roles }) => roles.includes('release')).map(({ kid }) => kid),
  );
}

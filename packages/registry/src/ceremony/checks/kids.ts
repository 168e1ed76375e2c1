import { kidOf } from '@symbolon/keys/kid';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { keysIn } from '../authority.ts';
import { keysContentOf } from '../content.ts';
import type { Overlay } from '../event/lay-over.ts';
import { changedKeys } from './changed-keys.ts';
import type { Check } from './check.ts';
import { givenAuthorities, holdersAfter, holdersBefore } from './given.ts';
import { operatorsOf, sourcesOf } from './operators.ts';
import { pointFaults } from './points.ts';

/**
 * REQ-KEY-011: every key has one use, so no kid is found twice among a region's admins, its keys role, its `keys.json`, its operators and its sources; and
 * no key of a `keys.json` is one that anyone signs the registry with. Only what the event touches is looked at.
 */
export const checkKids: Check = (overlay) => {
  const touched = [...overlay.event.roles.keys(), ...givenAuthorities(overlay).keys()]
    .filter((role) => role !== TARGETS && overlay.after.has(role))
    .map(regionOfRole);
  const regions = new Set([
    ...[...new Set(touched)].filter((region) => hasDuplicate(overlay, region)),
    ...publishedOfHolders(overlay),
    ...holdersOfPublished(overlay),
  ]);
  const duplicates = [...regions].map((path) => new SymbolonError('key-duplicate', { path }));
  return [...duplicates, ...pointFaults(overlay)];
};

function hasDuplicate({ next, after }: Overlay, region: string): boolean {
  const held = (role: string) => {
    const authority = after.get(role)?.authority;
    return new Set(authority === undefined ? [] : keysIn(authority).map(kidOf));
  };
  const published = keysContentOf(next, region)?.keys ?? [];
  const uses = [
    held(region),
    held(keysRoleOf(region)),
    // One person may work for two authorities.
    new Set(operatorsOf(next, region).map(({ kid }) => kid)),
    new Set(sourcesOf(next, region).map(({ kid }) => kid)),
    ...published.map(({ kid }) => new Set([kid])),
  ];
  const all = uses.flatMap((kids) => [...kids]);
  return new Set(all).size < all.length;
}

/** Regions that publish a new key which is one of root, of the online roles, or of another region's roles. */
function publishedOfHolders(overlay: Overlay): string[] {
  const changed = changedKeys(overlay);
  if (changed.length === 0) return [];
  const holders = holdersAfter(overlay);
  return changed
    .filter(({ before, after }) => {
      const old = new Set(before.keys.map(({ kid }) => kid));
      return after.keys.some(({ kid }) => !old.has(kid) && holders.has(kid));
    })
    .map(({ region }) => region);
}

/** Regions that have published a key which is given a role now. */
function holdersOfPublished(overlay: Overlay): string[] {
  const before = holdersBefore(overlay);
  const fresh = new Set([...holdersAfter(overlay)].filter((kid) => !before.has(kid)));
  if (fresh.size === 0) return [];
  const regions = [...overlay.after.keys()].filter((role) => role !== TARGETS).map(regionOfRole);
  return [...new Set(regions)].filter((region) =>
    publishedKids(overlay, region).some((kid) => fresh.has(kid)),
  );
}

/** What cannot be read of a region that the event does not touch, does not stand in its way. */
function publishedKids({ next }: Overlay, region: string): readonly string[] {
  try {
    return keysContentOf(next, region)?.keys.map(({ kid }) => kid) ?? [];
  } catch (error) {
    if (isSymbolonError(error)) return [];
    throw error;
  }
}

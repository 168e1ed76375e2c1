import { sha256 } from '@symbolon/keys/digest';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { covers, keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import type { Delegation } from '../../metadata/schemas.ts';
import { regionFile } from '../../registry-view/owners.ts';
import type { Overlay } from '../event/lay-over.ts';
import { delegationsOf, type Tree } from '../event/tree.ts';
import { publishedVersion } from '../versions.ts';
import type { Check } from './check.ts';

/** Roles below one region that targets delegates: 256 regions, each with its two. */
const ROLES_BELOW = 512;

/** Who speaks whom into being: allowed, found, and under a name that was not used before. */
export const checkDelegations: Check = (overlay) => [
  ...overlay.treeFaults,
  ...unknownRoles(overlay),
  ...usedNames(overlay),
  ...brokenOrder(overlay),
  ...crowdedRegions(overlay),
];

/** REQ-CER-006: nobody would read what nobody delegates to. */
function unknownRoles({ event, after }: Overlay): SymbolonError[] {
  return [...event.roles.keys()]
    .filter((role) => !after.has(role))
    .map((role) => new SymbolonError('region-unknown', { path: role }));
}

/** REQ-CER-004: the snapshot goes on listing the files of a region that left, so under its name they would count again. */
function usedNames({ published, before, after }: Overlay): SymbolonError[] {
  if (published === undefined) return [];
  const fresh = [...after.keys()].filter((role) => !before.has(role));
  return regionsOf(fresh.filter((role) => publishedVersion(published, role) > 0)).map(
    (path) => new SymbolonError('region-name-used', { path }),
  );
}

/** REQ-DOC-005: what was in the wrong order before is not held against an event that does not touch it. */
function brokenOrder({ event, published }: Overlay): SymbolonError[] {
  return [...event.roles].flatMap(([role, metadata]) => {
    const [old, delegations] = [delegationsOf(published?.roles.get(role)), delegationsOf(metadata)];
    const listed = (roles: readonly Delegation[], region: string) =>
      roles.some(({ name }) => regionOfRole(name) === region);
    return regionsOf(delegations.map(({ name }) => name))
      .filter((region) => !leadsTo(delegations, region) && (!listed(old, region) || leadsTo(old, region)))
      .map((path) => new SymbolonError('delegation-order', { path }));
  });
}

/**
 * REQ-REG-010: clients take a bounded number of roles altogether, and a region that speaks so many into being as to leave none for others would shut
 * them out.
 */
function crowdedRegions({ before, after }: Overlay): SymbolonError[] {
  const counted = rolesBelow(before);
  return [...rolesBelow(after)]
    .filter(([region, count]) => count > ROLES_BELOW && count > (counted.get(region) ?? 0))
    .map(([path]) => new SymbolonError('delegation-bounds', { path, bound: ROLES_BELOW }));
}

/** How many roles there are below each role that targets delegates, at whatever depth. */
function rolesBelow(tree: Tree): ReadonlyMap<string, number> {
  const topOf = new Map<string, string>();
  const counts = new Map<string, number>();
  // Delegators come before those whom they delegate to.
  for (const [role, { delegator }] of tree) {
    if (delegator === undefined) continue;
    const top = topOf.get(delegator) ?? role;
    topOf.set(role, top);
    if (top !== role) counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  return counts;
}

/** Whether a search for a region's files ends at its own two roles: delegations are searched in order, and a terminating one ends the search. */
export function leadsTo(delegations: readonly Delegation[], region: string): boolean {
  const end = (path: string) => {
    const pathHash = toHex(sha256(utf8(path)));
    return delegations.find((role) => role.terminating && covers(role, path, pathHash))?.name;
  };
  return (
    end(regionFile(region, 'keys.json')) === keysRoleOf(region) &&
    end(regionFile(region, 'region.json')) === region
  );
}

function regionsOf(roles: readonly string[]): string[] {
  return [...new Set(roles.filter((role) => role !== TARGETS).map(regionOfRole))];
}

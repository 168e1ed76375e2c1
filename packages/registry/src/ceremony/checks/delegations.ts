import { sha256 } from '@symbolon/keys/digest';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { covers, keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import type { Delegation } from '../../metadata/schemas.ts';
import { regionFile } from '../../registry-view/owners.ts';
import type { Overlay } from '../event/lay-over.ts';
import { delegationsOf } from '../event/tree.ts';
import { publishedVersion } from '../versions.ts';
import type { Check } from './check.ts';

/** Who speaks whom into being: allowed, found, and under a name that was not used before. */
export const checkDelegations: Check = (overlay) => [
  ...overlay.treeFaults,
  ...unknownRoles(overlay),
  ...usedNames(overlay),
  ...brokenOrder(overlay),
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

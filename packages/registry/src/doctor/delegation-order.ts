import { sha256 } from '@symbolon/keys/digest';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { covers, keysRoleOf, regionOfRole } from '../metadata/delegations.ts';
import type { Delegation } from '../metadata/schemas.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { regionFile } from '../registry-view/owners.ts';
import type { DoctorFinding } from './finding.ts';

/**
 * REQ-DOC-005: delegations are searched in order, and the first terminating one that covers a path ends the search. So `<id>.keys` comes before
 * `<id>`, and a region before the one above it where one role delegates both.
 */
export function examineDelegations({ tree }: LoadedRegistry): readonly DoctorFinding[] {
  return [...tree.roles.values()].flatMap(({ metadata }) => {
    const roles = metadata.signed.delegations?.roles ?? [];
    const regions = new Set(roles.map(({ name }) => regionOfRole(name)));
    return [...regions]
      .filter((region) => !leadsTo(roles, region))
      .map((place): DoctorFinding => ({ code: 'delegation-order', severity: 'fail', place }));
  });
}

function leadsTo(roles: readonly Delegation[], region: string): boolean {
  return (
    firstFor(roles, regionFile(region, 'keys.json')) === keysRoleOf(region) &&
    firstFor(roles, regionFile(region, 'region.json')) === region
  );
}

/** The role at which a search for this path ends. */
function firstFor(roles: readonly Delegation[], path: string): string | undefined {
  const pathHash = toHex(sha256(utf8(path)));
  return roles.find((role) => role.terminating && covers(role, path, pathHash))?.name;
}

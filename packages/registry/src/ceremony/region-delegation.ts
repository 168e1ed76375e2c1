import { SymbolonError } from '@symbolon/protocol/errors';
import { isRegionId } from '@symbolon/protocol/ids';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { isJsonObject } from '@symbolon/protocol/strict-json';
import { keysRoleOf, regionOfRole } from '../metadata/delegations.ts';
import { regionFile } from '../registry-view/owners.ts';
import { keysObjectOf, type NewAuthority, roleKeysOf } from './authority.ts';

/** A region that a role speaks into being. */
export interface RegionDelegation {
  readonly region: string;
  /** Who signs the region's file, rules and recognition: offline, by threshold. */
  readonly admins: NewAuthority;
  /** Who signs `keys.json`, and nothing else: online. */
  readonly keys: NewAuthority;
}

/**
 * The `delegations` object of a role after regions were added (or given to other keys) and removed. What is there stays as it is, and where it
 * is: the order counts.
 *
 * @throws SymbolonError `id-malformed`, `key-duplicate`, `threshold-unreachable`
 */
export function delegationsWith(
  current: JsonObject,
  added: readonly RegionDelegation[],
  removed: readonly string[],
): JsonObject {
  const { keys: oldKeys, roles: oldRoles, ...rest } = current;
  const gone = new Set(removed);
  const fresh = new Map(added.flatMap(delegationPair).map((role) => [role.name, role]));
  const kept = (Array.isArray(oldRoles) ? oldRoles : []).flatMap((role) => {
    const name = isJsonObject(role) && typeof role['name'] === 'string' ? role['name'] : '';
    if (gone.has(regionOfRole(name))) return [];
    const replacement = fresh.get(name);
    fresh.delete(name);
    return isJsonObject(role) ? [{ ...role, ...replacement }] : [role];
  });
  const roles = [...kept, ...fresh.values()];
  const keys: JsonObject = {
    ...(isJsonObject(oldKeys) ? oldKeys : {}),
    ...keysObjectOf(added.flatMap(({ admins, keys }) => [admins, keys])),
  };
  const used = new Set(roles.flatMap((role) => (isJsonObject(role) ? keyIdsOf(role) : [])));
  return {
    ...rest,
    keys: Object.fromEntries(Object.entries(keys).filter(([id]) => used.has(id))),
    roles,
  };
}

/**
 * The two roles of a region, in the order that counts: delegations are terminating and searched in order, so with `<id>` first no client
 * would find `keys.json` (protocol, section 4). `*` does not cross a `/`, hence the second pattern for regions below.
 */
function delegationPair({
  region,
  admins,
  keys,
}: RegionDelegation): readonly (JsonObject & { readonly name: string })[] {
  if (!isRegionId(region)) throw new SymbolonError('id-malformed');
  return [
    {
      name: keysRoleOf(region),
      ...roleKeysOf(keys),
      terminating: true,
      paths: [regionFile(region, 'keys.json')],
    },
    {
      name: region,
      ...roleKeysOf(admins),
      terminating: true,
      paths: [regionFile(region, '*'), regionFile(`${region}.*`, '*')],
    },
  ];
}

function keyIdsOf(role: JsonObject): string[] {
  const ids = role['keyids'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

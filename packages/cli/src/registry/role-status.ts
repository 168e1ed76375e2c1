import { kidOf } from '@symbolon/keys/kid';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { LoadedRegistry } from '@symbolon/registry/load-registry';

export interface RoleStatus {
  readonly role: string;
  /** Nothing when the role has published nothing that clients take. */
  readonly version: number | undefined;
  readonly expires: string | undefined;
  readonly threshold: number;
  /** Kids of those who may sign. */
  readonly keys: readonly string[];
}

type Keys = LoadedRegistry['trust']['root']['keys'];

/** Every role of a registry with those who hold it: the top roles, then the delegated ones in the order of their names. */
export function roleStatus({ trust, tree }: LoadedRegistry): readonly RoleStatus[] {
  const { root, snapshot, timestamp } = trust;
  const { roles } = root.signed;
  const top = [
    roleOf('root', root.signed, roles.root, root.keys),
    roleOf('targets', tree.roles.get('targets')?.metadata.signed, roles.targets, root.keys),
    roleOf('snapshot', snapshot.signed, roles.snapshot, root.keys),
    roleOf('timestamp', timestamp.signed, roles.timestamp, root.keys),
  ];
  const delegated = [...tree.roles.values()].flatMap(({ metadata }) =>
    (metadata.signed.delegations?.roles ?? []).map((delegation) =>
      roleOf(delegation.name, tree.roles.get(delegation.name)?.metadata.signed, delegation, metadata.keys),
    ),
  );
  return [...top, ...delegated.toSorted((a, b) => (a.role < b.role ? -1 : 1))];
}

function roleOf(
  role: string,
  signed: { readonly version: number; readonly expires: Instant } | undefined,
  { keyids, threshold }: { readonly keyids: readonly string[]; readonly threshold: number },
  ring: Keys,
): RoleStatus {
  const keys = keyids.flatMap((id) => {
    const jwk = ring.get(id);
    return jwk === undefined ? [] : [kidOf(jwk)];
  });
  const expires = signed && formatInstant(signed.expires);
  return { role, version: signed?.version, expires, threshold, keys };
}

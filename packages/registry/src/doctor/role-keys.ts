import { regionOfRole } from '../metadata/delegations.ts';
import { identityOf } from '../metadata/keys.ts';
import { type Authority, authorityOf } from '../metadata/threshold.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import type { DoctorFinding } from './finding.ts';

/**
 * REQ-DOC-003: roles that could not be signed after one more loss. The online roles (snapshot, timestamp, `<id>.keys`) may rest on one key: a key
 * service does not lose it, and the people above give the role to another.
 */
export function examineRoleKeys({ trust, tree }: LoadedRegistry): readonly DoctorFinding[] {
  const { roles } = trust.root.signed;
  const top = (['root', 'targets', 'snapshot', 'timestamp'] as const).map((name) => ({
    name,
    authority: authorityOf(trust.root, roles[name]),
    byPeople: name === 'root' || name === 'targets',
  }));
  const delegated = [...tree.roles.values()].flatMap(({ metadata }) =>
    (metadata.signed.delegations?.roles ?? []).map((delegation) => ({
      name: delegation.name,
      authority: authorityOf(metadata, delegation),
      byPeople: regionOfRole(delegation.name) === delegation.name,
    })),
  );
  return [...top, ...delegated].flatMap(({ name, authority, byPeople }): readonly DoctorFinding[] => {
    const spare = distinctKeys(authority) - authority.threshold;
    if (spare < 0) return [{ code: 'keys-few', severity: 'fail', place: name }];
    return spare === 0 && byPeople ? [{ code: 'keys-few', severity: 'warn', place: name }] : [];
  });
}

/** Two key ids of one key are one key: it can be lost once. */
function distinctKeys({ keys, keyids }: Authority): number {
  const found = keyids.flatMap((id) => {
    const jwk = keys.get(id);
    return jwk === undefined ? [] : [identityOf(jwk)];
  });
  return new Set(found).size;
}

import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { keysRoleOf, TARGETS } from '../../metadata/delegations.ts';
import { parseTargets } from '../../metadata/metadata.ts';
import { checkThreshold } from '../../metadata/threshold.ts';
import { sameAuthority } from '../authority.ts';
import type { Draft } from '../draft.ts';
import { type TreeRole, treeOf } from '../event/tree.ts';
import type { RegionDelegation } from '../region-delegation.ts';
import { prepareRoot, type RootRoles, rootRolesOf } from '../root.ts';
import { prepareRole, type RoleUpdate } from '../update-role.ts';

/**
 * A change acts on a draft that nobody has signed: it lays new versions of roles over what is published. The same role revised twice is one
 * version. Such a draft is never sealed; `sealEvent` makes another one, from the files and the signatures.
 */
export type Apply<C> = (next: Draft, change: C, now: Instant) => Promise<Draft>;

/** @throws SymbolonError `region-unknown` when nobody delegates to the role, and what `prepareRole` throws */
export async function reviseRole(next: Draft, update: RoleUpdate, now: Instant): Promise<Draft> {
  const { role } = update;
  requireRole(next, role);
  const { bytes, targets } = await prepareRole(next, update, now);
  return {
    ...next,
    roles: new Map([...next.roles, [role, parseTargets(bytes)]]),
    changed: new Set([...next.changed, role]),
    files: new Map([...next.files, ...targets]),
  };
}

/**
 * Gives top roles to other keys, or with none renews root. Targets is signed anew where its new keys have not signed it.
 *
 * @throws SymbolonError what `prepareRoot` throws
 */
export async function reviseRoot(next: Draft, roles: Partial<RootRoles>, now: Instant): Promise<Draft> {
  const root = prepareRoot({
    current: next.base?.trust.root,
    roles: { ...rootRolesOf(next.trust.root), ...roles },
    now,
  });
  return signedByHolders({ ...next, trust: { ...next.trust, root } }, TARGETS, now);
}

/** Gives a region's roles to other keys. What the new keys have not signed is signed anew. */
export async function redelegate(
  next: Draft,
  region: string,
  to: Partial<Pick<RegionDelegation, 'admins' | 'keys'>>,
  now: Instant,
): Promise<Draft> {
  const { authority, delegator } = requireRole(next, region);
  const keysRole = keysRoleOf(region);
  const delegation = {
    region,
    admins: to.admins ?? sameAuthority(authority),
    keys: to.keys ?? sameAuthority(requireRole(next, keysRole).authority),
  };
  const given = await reviseRole(next, { role: delegator ?? TARGETS, delegate: [delegation] }, now);
  return signedByHolders(await signedByHolders(given, region, now), keysRole, now);
}

/** @throws SymbolonError `region-unknown` */
export function requireRole(next: Draft, role: string): TreeRole {
  const found = treeOf(next.trust.root, next.roles).get(role);
  // REQ-CER-006
  if (found === undefined) throw new SymbolonError('region-unknown', { path: role });
  return found;
}

/** What is published stays, where the signatures that it has are enough. */
async function signedByHolders(next: Draft, role: string, now: Instant): Promise<Draft> {
  const { authority, metadata } = requireRole(next, role);
  if (metadata === undefined) return next;
  try {
    await checkThreshold(metadata, authority);
    return next;
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return reviseRole(next, { role }, now);
  }
}

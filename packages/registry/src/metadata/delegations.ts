import { sha256 } from '@symbolon/keys/digest';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isRegionId } from '@symbolon/protocol/ids';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { Delegating } from './metadata.ts';
import { matchesPattern } from './paths.ts';
import type { DelegationForm, Form, RoleKeys } from './profile.ts';
import type { TargetInfo } from './schemas.ts';
import type { SymbolonForm } from './symbolon-profile.ts';

export const TARGETS = 'targets';
const KEYS_SUFFIX = '.keys';

/** The role that signs `keys.json` of a region, and nothing else. */
export function keysRoleOf(region: string): string {
  return region + KEYS_SUFFIX;
}

/** The region that a role `<id>` or `<id>.keys` belongs to. */
export function regionOfRole(role: string): string {
  return role.endsWith(KEYS_SUFFIX) ? role.slice(0, -KEYS_SUFFIX.length) : role;
}

/** A role whose metadata was accepted. */
export interface TrustedRole<F extends Form = SymbolonForm> {
  readonly name: string;
  readonly metadata: Delegating<F['targets'], F['key']>;
  /** Earliest expiry of this role and of all that delegate to it, below root. */
  readonly expires: Instant;
  /** 0 for the top-level targets. */
  readonly depth: number;
}

/** Roles by name. A role that is delegated and could not be accepted is not in it. */
export type Roles = ReadonlyMap<string, TrustedRole>;

/**
 * REQ-REG-012: every role below targets is a region's, `<id>` or `<id>.keys`, and is delegated by targets or by a region above it.
 * So no region can bring forth a role that goes by another's name.
 */
export function mayDelegate(delegator: string, role: string): boolean {
  const region = regionOfRole(role);
  return isRegionId(region) && (delegator === TARGETS || region.startsWith(`${delegator}.`));
}

export interface FoundTarget {
  readonly role: TrustedRole;
  readonly info: TargetInfo;
}

/** A role to look at next: the top-level targets, or what a role that was looked at before delegates. */
export interface Visit<F extends Form> {
  readonly name: string;
  readonly delegation?: { readonly by: TrustedRole<F>; readonly keys: RoleKeys };
}

/**
 * Looks a target up as any TUF client does (TUF 1.0, section 5.6.7): pre-order, in the order in which delegations are listed; a
 * terminating delegation ends the search. A role that matches but could not be accepted ends it, too.
 *
 * @returns nothing when no role that may speak for the path has it
 * @throws SymbolonError `delegation-bounds`
 */
export function findTarget(roles: Roles, path: string): FoundTarget | undefined {
  const search = searchTarget<SymbolonForm>(path);
  let step = search.next();
  while (!step.done) {
    const role = roles.get(step.value.name);
    if (role === undefined) return undefined;
    step = search.next(role);
  }
  const role = step.value;
  const info = role && own(role.metadata.signed.targets, path);
  return role && info && { role, info };
}

/**
 * The search of `findTarget`, for those who load roles as it comes to them: it yields each role to look at, and takes it once it was
 * accepted. Whoever cannot give it ends the search.
 *
 * @returns the role that lists the target
 * @throws SymbolonError `delegation-bounds`
 */
export function* searchTarget<F extends Form>(
  path: string,
): Generator<Visit<F>, TrustedRole<F> | undefined, TrustedRole<F>> {
  const visited = new Set<string>();
  const open: Visit<F>[] = [{ name: TARGETS }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    if (visited.has(visit.name)) continue;
    // REQ-REG-010: a search is bounded.
    if (visited.size >= LIMITS.delegationVisits) {
      throw new SymbolonError('delegation-bounds', { bound: LIMITS.delegationVisits });
    }
    visited.add(visit.name);
    const role = yield visit;
    if (Object.hasOwn(role.metadata.signed.targets, path)) return role;
    const next: Visit<F>[] = [];
    for (const keys of role.metadata.signed.delegations?.roles ?? []) {
      if (!covers(keys, path)) continue;
      next.push({ name: keys.name, delegation: { by: role, keys } });
      if (!keys.terminating) continue;
      open.length = 0;
      break;
    }
    open.push(...next.reverse());
  }
  return undefined;
}

/** Whether a delegation is for a path. `pathHash`: SHA-256 of the path in hex, where the caller has it. */
export function covers(
  { paths, path_hash_prefixes: prefixes }: DelegationForm,
  path: string,
  pathHash?: string,
): boolean {
  if (paths !== undefined) return paths.some((pattern) => matchesPattern(path, pattern));
  if (prefixes === undefined) return false;
  const hash = pathHash ?? toHex(sha256(utf8(path)));
  return prefixes.some((prefix) => hash.startsWith(prefix));
}

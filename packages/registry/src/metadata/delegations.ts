import { sha256 } from '@symbolon/keys/digest';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isRegionId } from '@symbolon/protocol/ids';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { TargetsMetadata } from './metadata.ts';
import { matchesPattern } from './paths.ts';
import type { Delegation, TargetInfo } from './schemas.ts';

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
export interface TrustedRole {
  readonly name: string;
  readonly metadata: TargetsMetadata;
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

/**
 * Looks a target up as any TUF client does (TUF 1.0, section 5.6.7): pre-order, in the order in which delegations are listed; a
 * terminating delegation ends the search. A role that matches but could not be accepted ends it, too.
 *
 * @returns nothing when no role that may speak for the path has it
 * @throws SymbolonError `delegation-bounds`
 */
export function findTarget(roles: Roles, path: string): FoundTarget | undefined {
  const pathHash = toHex(sha256(utf8(path)));
  const visited = new Set<string>();
  const open = [TARGETS];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (visited.has(name)) continue;
    // REQ-REG-010: a search is bounded.
    if (visited.size >= LIMITS.delegationVisits) {
      throw new SymbolonError('delegation-bounds', { bound: LIMITS.delegationVisits });
    }
    visited.add(name);
    const role = roles.get(name);
    if (role === undefined) return undefined;
    const info = own(role.metadata.signed.targets, path);
    if (info !== undefined) return { role, info };
    const matching = (role.metadata.signed.delegations?.roles ?? []).filter((each) =>
      covers(each, path, pathHash),
    );
    const end = matching.findIndex(({ terminating }) => terminating);
    if (end >= 0) open.length = 0;
    const next = end < 0 ? matching : matching.slice(0, end + 1);
    open.push(...next.map((each) => each.name).reverse());
  }
  return undefined;
}

function covers({ paths, path_hash_prefixes }: Delegation, path: string, pathHash: string): boolean {
  return paths === undefined
    ? (path_hash_prefixes ?? []).some((prefix) => pathHash.startsWith(prefix))
    : paths.some((pattern) => matchesPattern(path, pattern));
}

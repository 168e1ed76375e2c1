import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { covers, type FoundTarget, type Roles, TARGETS, type TrustedRole } from '../metadata/delegations.ts';
import { matchesPattern } from '../metadata/paths.ts';
import type { Delegation } from '../metadata/schemas.ts';

/**
 * Looks targets up as `findTarget` does, many in one tree of roles: of hundreds of delegations of one role, those for the folder of the target are looked at,
 * and each folder's are picked out once.
 */
export class TargetFinder {
  private readonly roles: Roles;
  private readonly indexes = new Map<TrustedRole, DelegationIndex>();

  constructor(roles: Roles) {
    this.roles = roles;
  }

  /** @returns and throws what `findTarget` does */
  find(path: string): FoundTarget | undefined {
    const visited: string[] = [];
    const open = [TARGETS];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (visited.includes(name)) continue;
      // REQ-REG-010: a search is bounded.
      if (visited.length >= LIMITS.delegationVisits) {
        throw new SymbolonError('delegation-bounds', { bound: LIMITS.delegationVisits });
      }
      visited.push(name);
      const role = this.roles.get(name);
      if (role === undefined) return undefined;
      const info = own(role.metadata.signed.targets, path);
      if (info !== undefined) return { role, info };
      const before = open.length;
      for (const delegation of this.indexOf(role).near(path)) {
        if (!covers(delegation, path)) continue;
        // The first is looked at first: `open` is taken from at its end.
        open.splice(before, 0, delegation.name);
        if (!delegation.terminating) continue;
        open.splice(0, before);
        break;
      }
    }
    return undefined;
  }

  private indexOf(role: TrustedRole): DelegationIndex {
    let index = this.indexes.get(role);
    if (index === undefined) {
      index = new DelegationIndex(role.metadata.signed.delegations?.roles ?? []);
      this.indexes.set(role, index);
    }
    return index;
  }
}

interface Place {
  readonly at: number;
  readonly delegation: Delegation;
}

/** The delegations of one role by the folders of their patterns. Patterns do not cross a `/`: where a path and a pattern match, their folders do. */
class DelegationIndex {
  /** Those with a pattern of this very folder. */
  private readonly exact = new Map<string, Place[]>();
  /** Those with a pattern whose folder is a pattern itself; without a folder, those that go by hashes. */
  private readonly others: (Place & { readonly folder?: string })[] = [];
  private readonly known = new Map<string, readonly Delegation[]>();

  constructor(delegations: readonly Delegation[]) {
    for (const [at, delegation] of delegations.entries()) {
      const { paths } = delegation;
      if (paths === undefined) this.others.push({ at, delegation });
      for (const folder of new Set((paths ?? []).map(folderOf))) this.add({ at, delegation }, folder);
    }
  }

  /** Those that can be for a path, in their order. */
  near(path: string): readonly Delegation[] {
    const folder = folderOf(path);
    let near = this.known.get(folder);
    if (near === undefined) {
      const others = this.others.filter(
        (other) => other.folder === undefined || matchesPattern(folder, other.folder),
      );
      const places = [...(this.exact.get(folder) ?? []), ...others].sort((a, b) => a.at - b.at);
      near = [...new Set(places.map(({ delegation }) => delegation))];
      this.known.set(folder, near);
    }
    return near;
  }

  private add(place: Place, folder: string): void {
    if (/[*?]/.test(folder)) {
      this.others.push({ ...place, folder });
      return;
    }
    const places = this.exact.get(folder);
    if (places === undefined) this.exact.set(folder, [place]);
    else places.push(place);
  }
}

/** With its slash. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

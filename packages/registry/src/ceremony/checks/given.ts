import { kidOf } from '@symbolon/keys/kid';
import type { RootMetadata } from '../../metadata/metadata.ts';
import { type Authority, authorityOf } from '../../metadata/threshold.ts';
import { keysIn } from '../authority.ts';
import type { Overlay } from '../event/lay-over.ts';
import type { Tree } from '../event/tree.ts';
import { TOP_ROLES } from '../root.ts';

/** The roles that change hands, or are new, by name. */
export function givenAuthorities({ event, before, after }: Overlay): ReadonlyMap<string, Authority> {
  const given = new Map<string, Authority>(event.root === undefined ? [] : topAuthorities(event.root));
  for (const [role, { authority }] of after) {
    const old = before.get(role)?.authority;
    if (old === undefined || describeKeys(old) !== describeKeys(authority)) given.set(role, authority);
  }
  return given;
}

/** Kids of all who hold a role, of the federation or of any region: as it is published now. */
export function holdersBefore({ published, before }: Overlay): ReadonlySet<string> {
  return holders(published?.base?.trust.root, before);
}

/** The same, after the event. */
export function holdersAfter({ next, after }: Overlay): ReadonlySet<string> {
  return holders(next.trust.root, after);
}

function holders(root: RootMetadata | undefined, tree: Tree): ReadonlySet<string> {
  const top = root === undefined ? [] : topAuthorities(root).map(([, authority]) => authority);
  const all = [...top, ...[...tree.values()].map(({ authority }) => authority)];
  return new Set(all.flatMap((authority) => keysIn(authority).map(kidOf)));
}

function topAuthorities(root: RootMetadata): [string, Authority][] {
  return TOP_ROLES.map((role) => [role, authorityOf(root, root.signed.roles[role])]);
}

function describeKeys({ keyids, threshold }: Authority): string {
  return `${threshold} ${keyids.toSorted().join()}`;
}

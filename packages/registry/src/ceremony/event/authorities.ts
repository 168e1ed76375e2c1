import { TARGETS } from '../../metadata/delegations.ts';
import { type Authority, authorityOf } from '../../metadata/threshold.ts';
import type { Overlay } from './lay-over.ts';
import { ROOT } from './signing-event.ts';

/** Keys whose signatures a role of an event takes. */
export interface RoleAuthority {
  /** `next`: those that the event itself leaves the role with. `current`: those that hold it until then. */
  readonly of: 'current' | 'next';
  readonly authority: Authority;
  /** Whether it cannot be published without them. */
  readonly required: boolean;
}

/**
 * Who may sign a role of an event. Root is signed by its current and its next keys (TUF 1.0, section 6.1). Where targets changes hands, the current
 * keys may sign along: then readers see a whole registry at every moment of the publication.
 */
export function authoritiesOf({ event, published, after }: Overlay, role: string): readonly RoleAuthority[] {
  const before = published?.base?.trust.root;
  const next =
    role === ROOT && event.root !== undefined
      ? authorityOf(event.root, event.root.signed.roles.root)
      : after.get(role)?.authority;
  if (next === undefined) return [];
  const needed: RoleAuthority = { of: 'next', authority: next, required: true };
  if (before === undefined || event.root === undefined || (role !== ROOT && role !== TARGETS))
    return [needed];
  const current = authorityOf(before, before.signed.roles[role]);
  if (isSame(current, next)) return [needed];
  return [{ of: 'current', authority: current, required: role === ROOT }, needed];
}

function isSame(a: Authority, b: Authority): boolean {
  return a.threshold === b.threshold && a.keyids.toSorted().join() === b.keyids.toSorted().join();
}

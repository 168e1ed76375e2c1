import { keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { keysIn } from '../authority.ts';
import { givenAuthorities } from '../checks/authorities.ts';
import type { Overlay } from '../event/lay-over.ts';
import { ROOT } from '../event/signing-event.ts';
import type { DiffLine } from './line.ts';

/** What is allowed, and what an admin should have seen before signing it. */
export function warningsOf(overlay: Overlay): readonly DiffLine[] {
  const warn = (role: string, subject: string): DiffLine => ({ role, mark: 'warning', subject });
  const { event, published, before, after } = overlay;
  const bare = [...givenAuthorities(overlay)].filter(
    ([role, authority]) => isByPeople(role) && keysIn(authority).length === authority.threshold,
  );
  const gone = [...before.keys()].filter((role) => regionOfRole(role) === role && !after.has(role));
  const moved =
    event.base !== undefined && event.base.snapshotVersion !== published?.base?.trust.snapshot.signed.version;
  return [
    ...bare.map(([role]) => warn(role, `${role} has no key to spare: if one is lost, nobody can sign it`)),
    ...gone.map((role) =>
      warn(role, `${role} leaves: nothing that it signed counts any more, and its name stays used`),
    ),
    ...(moved
      ? [warn(ROOT, 'the registry has changed since this event was prepared; this is the difference now')]
      : []),
  ];
}

function isByPeople(role: string): boolean {
  if (role === ROOT || role === TARGETS) return true;
  return role !== 'snapshot' && role !== 'timestamp' && role !== keysRoleOf(regionOfRole(role));
}

import type { RootMetadata } from '../../metadata/metadata.ts';
import { type Authority, authorityOf } from '../../metadata/threshold.ts';
import type { Overlay } from '../event/lay-over.ts';
import { ROOT } from '../event/signing-event.ts';
import { TOP_ROLES } from '../root.ts';
import { authorityDiff } from './authority-diff.ts';
import { jsonDiff } from './json-diff.ts';
import type { DiffLine } from './line.ts';
import { placeLines, type Room } from './place-lines.ts';
import { objectOf, roleFieldsDiff, unusedKeysDiff } from './role-keys-diff.ts';

/** Keys and thresholds of the top roles, and all else that root says of roles and keys. */
export function rootDiff({ event: { root }, published }: Overlay, room: Room): readonly DiffLine[] {
  if (root === undefined) return [];
  const old = published?.base?.trust.root;
  const [was, is] = [rolesOf(old), rolesOf(root)];
  const [before, after] = [objectOf(old?.raw['roles']), objectOf(root.raw['roles'])];
  const lines = TOP_ROLES.flatMap((role) => {
    const keys = authorityDiff(ROOT, role, was.get(role)?.authority, is.get(role)?.authority);
    const fields = roleFieldsDiff(objectOf(before[role]), objectOf(after[role]), keys.length > 0);
    return [...keys, ...placeLines(ROOT, `role ${role}`, fields, room)];
  });
  const others = (roles: typeof before) =>
    Object.fromEntries(Object.entries(roles).filter(([name]) => !TOP_ROLES.some((each) => each === name)));
  return [
    ...lines,
    ...placeLines(ROOT, 'roles', jsonDiff(others(before), others(after)), room),
    ...placeLines(ROOT, 'keys', unusedKeysDiff(old?.raw['keys'], root.raw['keys'], was, is), room),
  ];
}

function rolesOf(root: RootMetadata | undefined) {
  return new Map<string, { readonly authority: Authority | undefined }>(
    TOP_ROLES.map((role) => [role, { authority: root && authorityOf(root, root.signed.roles[role]) }]),
  );
}

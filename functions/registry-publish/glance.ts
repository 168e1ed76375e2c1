import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import type { ReadFile } from '@symbolon/registry/source';

const METADATA = /^metadata\/(?:[0-9]+\.)?(.+)\.json$/;
const TOP_ROLES: readonly string[] = ['root', 'timestamp', 'snapshot', 'targets'];
const KEYS_SUFFIX = '.keys';

/** So many roles are looked at before the registry is opened as a whole. */
export const GLANCED_ROLES = 8;

/**
 * The registry from the pinned root on, with no more of it than says who may sign these roles: the top roles, and the regions that may have delegated to
 * them. All that is in it was verified; a role that is not, is not there. So it costs the same however many regions there are.
 *
 * @throws what `openDraft` throws
 */
export function glanceAt(
  read: ReadFile,
  pinnedRoot: Bytes,
  roles: readonly string[],
  now: Instant,
): Promise<Draft> {
  const wanted = new Set([...TOP_ROLES, ...roles.flatMap(delegatorsOf)]);
  const narrow: ReadFile = async (path, expected) => {
    const role = METADATA.exec(path)?.[1];
    const isWanted = role === undefined ? !path.startsWith('targets/regions/') : wanted.has(role);
    return isWanted ? read(path, expected) : undefined;
  };
  return openDraft({ read: narrow, pinnedRoot, now });
}

/** `A` and `A.B`, for `A.B.C` and its `A.B.C.keys`. */
export function delegatorsOf(role: string): readonly string[] {
  const region = role.endsWith(KEYS_SUFFIX) ? role.slice(0, -KEYS_SUFFIX.length) : role;
  const parts = region.split('.').slice(0, LIMITS.delegationDepth);
  return parts.map((_, at) => parts.slice(0, at).join('.')).filter((name) => name !== '');
}

/** Roles of which the event has a version that is not published yet; those that others speak for come after those who do. */
export function newRolesOf({ roles }: Pick<SigningEvent, 'roles'>, published: Draft): readonly string[] {
  const depth = (role: string) => (role === 'targets' ? 0 : role.split('.').length);
  return [...roles]
    .filter(([role, { signed }]) => signed.version > publishedVersion(published, role))
    .map(([role]) => role)
    .toSorted((a, b) => depth(a) - depth(b));
}

export function publishedVersion({ base }: Draft, role: string): number {
  return own(base?.trust.snapshot.signed.meta ?? {}, `${role}.json`)?.version ?? 0;
}

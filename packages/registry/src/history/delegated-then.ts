import { own } from '@symbolon/protocol/own';
import { keysRoleOf, mayDelegate, regionOfRole, TARGETS } from '../metadata/delegations.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { concurrently } from '../registry-view/concurrently.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { roleThen, type Then } from './authority-then.ts';
import { unlessDamaged } from './unless-damaged.ts';

/** The roles that targets, or a region that was delegated itself, delegated to in one publication. */
export interface DelegatedThen {
  /** Key ids that could sign, by role. */
  readonly keyids: ReadonlyMap<string, readonly string[]>;
  /** Of the roles that were looked into. */
  readonly metadata: ReadonlyMap<string, TargetsMetadata>;
}

/**
 * Walks the delegations of a publication from targets down. A role that cannot be read is passed over, as clients do.
 *
 * @param isOpen whether to look into a role: what it lists and delegates is told of such roles only
 * @throws SymbolonError `metadata-missing`, `metadata-mismatch`, `metadata-malformed` for targets itself; what `read` throws because it cannot know
 */
export async function delegatedThen(
  read: ReadFile,
  then: Then,
  isOpen: (role: string) => boolean,
): Promise<DelegatedThen> {
  const keyids = new Map<string, readonly string[]>();
  const metadata = new Map<string, TargetsMetadata>();
  const look = async (role: string) =>
    role === TARGETS
      ? roleThen(read, then, role)
      : unlessDamaged(() => roleThen(read, then, role), undefined);
  for (let level: readonly string[] = [TARGETS]; level.length > 0; ) {
    const found = await concurrently(level, look);
    const next: string[] = [];
    for (const [i, each] of found.entries()) {
      if (each === undefined) continue;
      const delegator = level[i] ?? '';
      metadata.set(delegator, each);
      for (const { name, keyids: ids } of each.signed.delegations?.roles ?? []) {
        // REQ-REG-012: nobody is delegated twice, nor by whom they are not below.
        if (keyids.has(name) || !mayDelegate(delegator, name)) continue;
        keyids.set(name, ids);
        if (isOpen(name)) next.push(name);
      }
    }
    level = next;
  }
  return { keyids, metadata };
}

/** Which roles a publication changed, or has changes below, against the one before. All, when there is none. */
export function touchedBy(here: Pick<Then, 'meta'>, before: Pick<Then, 'meta'> | undefined) {
  const changed = new Set(
    Object.keys(here.meta)
      .filter((file) => {
        const [is, was] = [own(here.meta, file), own(before?.meta ?? {}, file)];
        return was?.version !== is?.version || was?.hashes?.sha256 !== is?.hashes?.sha256;
      })
      .map((file) => file.slice(0, -'.json'.length)),
  );
  const above = new Set<string>();
  for (const role of changed) {
    const parts = regionOfRole(role).split('.');
    for (let n = 1; n < parts.length; n++) above.add(parts.slice(0, n).join('.'));
  }
  return (role: string): boolean => before === undefined || changed.has(role) || above.has(role);
}

/** Whether a role is the keys role of its region. */
export function isKeysRole(role: string): boolean {
  return role === keysRoleOf(regionOfRole(role));
}

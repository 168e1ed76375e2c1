import { sha256Hex } from '@symbolon/keys/digest';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { walkSnapshots } from '@symbolon/registry/history/walk-snapshots';
import type { ReadFile } from '@symbolon/registry/source';
import type { SnapshotTrust } from '@symbolon/registry/trusted-set';
import { regionOfRoleName } from '../checks/role-names.ts';
import { PUBLICATIONS } from './brought.ts';
import type { Past, PastRegistry } from './past.ts';
import { fileReader } from './past-files.ts';

/**
 * The publications of a registry, back from the snapshot that is trusted, `limit` of them at most. Each file is the one that a signed file names by hash; who signed, and whether that was enough,
 * `readHistory` tells.
 *
 * @throws SymbolonError `metadata-...` when the chain itself cannot be followed; what `read` throws
 */
export async function readPast(
  read: ReadFile,
  trust: SnapshotTrust,
  limit: number = PUBLICATIONS,
): Promise<PastRegistry> {
  const files = fileReader(read);
  const publications: Past[] = [];
  const unreadable: number[] = [];
  let isWhole = false;
  /** Of the oldest of those that cannot be read, after which one comes that can. */
  let gap: { readonly at: Instant | undefined } | undefined;
  for await (const { snapshot, record } of walkSnapshots(read, trust)) {
    if (publications.length + unreadable.length >= limit) {
      isWhole = false;
      break;
    }
    const { version, meta } = snapshot.signed;
    isWhole = record?.isWhole === true && record.previous === undefined;
    if (record?.at === undefined) {
      unreadable.push(version);
      gap = { at: undefined };
      continue;
    }
    try {
      const content = await files.contentOf(meta);
      publications.push({
        version,
        sha256: sha256Hex(snapshot.bytes),
        root: record.root?.version,
        at: record.at,
        gapFrom: gap && (gap.at ?? record.at),
        ...content,
      });
      gap = undefined;
    } catch (error) {
      if (!isSymbolonError(error) || error.code === 'metadata-unreachable') throw error;
      unreadable.push(version);
      gap = { at: record.at };
    }
  }
  return {
    publications: withoutGaps(publications.reverse()),
    isWhole: isWhole && gap === undefined,
    unreadable,
  };
}

/** A region whose file is damaged in one publication has taken nothing back by that, and does not come anew after it. */
function withoutGaps(publications: readonly Past[]): readonly Past[] {
  const filled: Past[] = [];
  for (const each of publications) {
    const before = filled.at(-1);
    if (before === undefined || each.damaged.length === 0) {
      filled.push(each);
      continue;
    }
    const regions = new Map(each.regions);
    for (const id of each.damaged) {
      const old = before.regions.get(id);
      if (old !== undefined) regions.set(id, old);
    }
    const isGap = (role: string) => {
      const region = regionOfRoleName(role);
      return each.damaged.some((id) => region === id || region?.startsWith(`${id}.`));
    };
    const gaps = [...before.roleKeys].filter(([role]) => isGap(role) && !each.roleKeys.has(role));
    filled.push({ ...each, regions, roleKeys: new Map([...each.roleKeys, ...gaps]) });
  }
  return filled;
}

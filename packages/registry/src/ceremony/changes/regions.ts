import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parentRegion } from '@symbolon/protocol/ids';
import { keysRoleOf, TARGETS } from '../../metadata/delegations.ts';
import { ownerOf } from '../../registry-view/owners.ts';
import { type Tree, treeOf } from '../event/tree.ts';
import type { ChangeOf } from './change.ts';
import { type Apply, requireRole, reviseRole } from './revise.ts';

/** @throws SymbolonError `region-exists`, `region-unknown` for `by`, `role-overreach`, and what `prepareRole` throws */
export const addRegion: Apply<ChangeOf<'add-region'>> = async (next, change, now) => {
  const { region, admins, keys, by, files = new Map<string, Bytes>() } = change;
  const tree = treeOf(next.trust.root, next.roles);
  // REQ-CER-007
  if (tree.has(region)) throw new SymbolonError('region-exists', { path: region });
  const delegate = [{ region, admins, keys }];
  let added = await reviseRole(next, { role: by ?? nearestAbove(tree, region), delegate }, now);
  const own = new Map([...files].map(([path, bytes]) => [path, { bytes, role: ownerOf(path) }]));
  for (const role of [region, keysRoleOf(region)]) {
    const put = new Map([...own].flatMap(([path, file]) => (file.role === role ? [[path, file.bytes]] : [])));
    if (put.size > 0) added = await reviseRole(added, { role, put }, now);
  }
  for (const { role } of own.values()) {
    if (role !== region && role !== keysRoleOf(region)) throw new SymbolonError('role-overreach');
  }
  return added;
};

/** The region, and every one below it that it delegates. @throws SymbolonError `region-unknown` */
export const removeRegion: Apply<ChangeOf<'remove-region'>> = async (next, { region }, now) => {
  const { delegator } = requireRole(next, region);
  return reviseRole(next, { role: delegator ?? TARGETS, undelegate: [region] }, now);
};

function nearestAbove(tree: Tree, region: string): string {
  for (let above = parentRegion(region); above !== undefined; above = parentRegion(above)) {
    if (tree.get(above)?.metadata !== undefined) return above;
  }
  return TARGETS;
}

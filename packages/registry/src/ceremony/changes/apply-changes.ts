import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { rootFile } from '../../metadata/file-names.ts';
import type { Draft } from '../draft.ts';
import { addAdmin, removeAdmin } from './admins.ts';
import type { Change } from './change.ts';
import { create } from './create.ts';
import { put } from './put.ts';
import { addKey, revokeKey } from './region-keys.ts';
import { addRegion, removeRegion } from './regions.ts';
import { renew, rotateAdmins, rotateOnline, rotateRegion } from './rotate.ts';

/**
 * What the changes make of what is published, one after another, unsigned.
 *
 * @throws SymbolonError `change-empty`; `metadata-missing` when nothing is published and the first change does not create it; what the changes throw
 */
export async function applyChanges(
  published: Draft | undefined,
  changes: readonly Change[],
  now: Instant,
): Promise<Draft> {
  let next = published;
  for (const change of changes) next = await apply(next, change, now);
  // REQ-CER-008
  if (next === undefined || next === published) throw new SymbolonError('change-empty');
  return next;
}

function apply(next: Draft | undefined, change: Change, now: Instant): Promise<Draft> {
  if (change.change === 'create') {
    if (next !== undefined) throw new SymbolonError('object-exists', { path: rootFile(1) });
    return create(change, now);
  }
  if (next === undefined) throw new SymbolonError('metadata-missing', { path: rootFile(1) });
  switch (change.change) {
    case 'add-region':
      return addRegion(next, change, now);
    case 'remove-region':
      return removeRegion(next, change, now);
    case 'add-admin':
      return addAdmin(next, change, now);
    case 'remove-admin':
      return removeAdmin(next, change, now);
    case 'rotate-admins':
      return rotateAdmins(next, change, now);
    case 'rotate-online':
      return rotateOnline(next, change, now);
    case 'rotate-region':
      return rotateRegion(next, change, now);
    case 'renew':
      return renew(next, change, now);
    case 'add-key':
      return addKey(next, change, now);
    case 'revoke-key':
      return revokeKey(next, change, now);
    case 'put':
      return put(next, change, now);
  }
}

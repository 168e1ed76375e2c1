import type { Instant } from '@symbolon/protocol/instant';
import { TARGETS } from '../../metadata/delegations.ts';
import { type Draft, unfounded } from '../draft.ts';
import { prepareRoot } from '../root.ts';
import type { ChangeOf } from './change.ts';
import { reviseRole } from './revise.ts';

/**
 * Where a federation begins: the first root and the first targets, unsigned.
 *
 * @throws SymbolonError `key-duplicate`, `threshold-unreachable`, and what the content checks throw
 */
export async function create(change: ChangeOf<'create'>, now: Instant): Promise<Draft> {
  const { root, targets, snapshot, timestamp, files } = change;
  const first = prepareRoot({ current: undefined, roles: { root, targets, snapshot, timestamp }, now });
  return reviseRole(unfounded(first), { role: TARGETS, put: files }, now);
}

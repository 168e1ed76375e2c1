import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import { EPOCH_USES, signingOrder } from '../../epochs/plan-epochs.ts';
import { regionFile } from '../../registry-view/owners.ts';
import type { KeysContent } from '../content.ts';
import type { ChangedKeys } from './changed-keys.ts';

/** A use that loses its last key, and "stopped" where nothing stops. */
export function stoppingFaults(
  { role, region, before, after }: ChangedKeys,
  now: Instant,
): readonly SymbolonError[] {
  // A region does without codes of venues as it issues, so their last key may go by itself; so may keys that mean nothing here.
  const lost = EPOCH_USES.filter((use) => signs(before, use, now) && !signs(after, use, now));
  // REQ-CER-005: a use that has a key now, and would have none.
  if (!after.stopped) return lost.length > 0 ? [new SymbolonError('no-key-left', { path: role })] : [];
  // The word must not be there beforehand: the event that really takes the last key would then say nothing of it. One that was there before does not
  // stand in the way of a revocation, but of the next key.
  const isNew = !before.stopped || after.keys.some(({ kid }) => before.keys.every((old) => old.kid !== kid));
  if (!isNew || lost.length > 0 || hasStopped(after, now)) return [];
  const path = `${regionFile(region, 'keys.json')} issuing`;
  return [new SymbolonError('region-malformed', { path })];
}

/** Nothing can be issued: no credential, or none with a status though the region has keys for that. */
function hasStopped(content: KeysContent, now: Instant): boolean {
  const hasLists = content.keys.some(({ use }) => use === 'status');
  return !signs(content, 'credential', now) || (hasLists && !signs(content, 'status', now));
}

function signs({ keys }: KeysContent, use: KeyUse, now: Instant): boolean {
  return signingOrder(keys, use, now).length > 0;
}

import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { FEDERATION_FILE } from '../../registry-view/owners.ts';
import { type KeyPolicy, keyPolicyOf } from '../content.ts';
import type { Check } from './check.ts';

/**
 * A federation file that lowers `referAfterHours`, which is the lead of new keys. Raising it needs no care: who does not know a key holds a registry from
 * before it, and goes by that one no longer than its own policy says.
 */
export const checkLead: Check = ({ published, next }, now) => {
  if (published === undefined) return [];
  const [before, after] = [keyPolicyOf(published), keyPolicyOf(next)];
  if (before === undefined || after === undefined || !isShortened(before, after, now)) return [];
  return [new SymbolonError('lead-shortened', { path: FEDERATION_FILE, bound: before.leadHours })];
};

/**
 * REQ-CER-014: a verifier that holds the older policy goes by its registry for the older, longer time. For as long it must not meet keys that had
 * the shorter lead.
 */
function isShortened(before: KeyPolicy, after: KeyPolicy, now: Instant): boolean {
  const until = Math.max(after.leadUntil ?? 0, addHours(now, after.leadHours));
  const lowered = after.leadHours < before.leadHours && until < addHours(now, before.leadHours);
  const dropped = before.leadUntil !== undefined && before.leadUntil > now && until < before.leadUntil;
  return lowered || dropped;
}

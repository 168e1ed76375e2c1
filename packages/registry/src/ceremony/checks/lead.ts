import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { FEDERATION_FILE } from '../../registry-view/owners.ts';
import { type KeyPolicy, keyPolicyOf } from '../content.ts';
import type { Check } from './check.ts';

/** A longer lead than this is a slip of the hand: no key would begin for as long, and it can only be taken back after that time. */
const LONGEST_LEAD_HOURS = 31 * 24;

/**
 * A federation file that lowers `referAfterHours`, which is the lead of new keys. Raising it needs no care, within bounds: who does not know a key holds a
 * registry from before it, and goes by that one no longer than its own policy says.
 */
export const checkLead: Check = ({ published, next }, now) => {
  const [before, after] = [published && keyPolicyOf(published), keyPolicyOf(next)];
  if (after === undefined) return [];
  const shortened = before !== undefined && isShortened(before, after, now);
  return [
    ...boundFaults(before, after, now),
    ...(shortened
      ? [new SymbolonError('lead-shortened', { path: FEDERATION_FILE, bound: before.leadHours })]
      : []),
  ];
};

/** REQ-CER-014: what is lengthened without bound, cannot be shortened. What is published already is not held against an event. */
function boundFaults(before: KeyPolicy | undefined, after: KeyPolicy, now: Instant): SymbolonError[] {
  const faults: SymbolonError[] = [];
  const longest = Math.max(LONGEST_LEAD_HOURS, before?.leadHours ?? 0);
  if (after.leadHours > longest) {
    const path = `${FEDERATION_FILE} freshness.referAfterHours`;
    faults.push(new SymbolonError('metadata-malformed', { path, bound: LONGEST_LEAD_HOURS }));
  }
  const larger = Math.min(Math.max(before?.leadHours ?? 0, after.leadHours), longest);
  const latest = Math.max(now + 2 * larger * HOUR_SECONDS, before?.leadUntil ?? 0);
  if ((after.leadUntil ?? 0) > latest) {
    const path = `${FEDERATION_FILE} leadUntil`;
    faults.push(new SymbolonError('metadata-malformed', { path, bound: 2 * larger }));
  }
  return faults;
}

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

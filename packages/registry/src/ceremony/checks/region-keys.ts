import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { hoursAfter, keepHours } from '../../epochs/keep-hours.ts';
import { FEDERATION_FILE } from '../../registry-view/owners.ts';
import { earliestStart, type KeyPolicy, keyPolicyOf } from '../content.ts';
import { type ChangedKeys, changedKeys } from './changed-keys.ts';
import type { Check } from './check.ts';
import { windowFaults } from './key-windows.ts';
import { stoppingFaults } from './stopping.ts';

/** What a new `keys.json` may do to the keys that verifiers know. Before the first publication nobody knows any. */
export const checkKeys: Check = (overlay, now) => {
  const { published, next } = overlay;
  // Who does not know a key has a registry from before it, and so goes by the policy that is published now.
  const policy = keyPolicyOf(published ?? next);
  if (policy === undefined) {
    // A first publication without one is told by `checkContents`.
    if (published === undefined) return [];
    throw new SymbolonError('metadata-missing', { path: FEDERATION_FILE });
  }
  return changedKeys(overlay).flatMap((change) => [
    ...(published === undefined ? [] : knownKeysFaults(change, policy, now)),
    ...windowFaults(change, policy, now),
    ...stoppingFaults(change, now),
  ]);
};

function knownKeysFaults(
  { role, before, after }: ChangedKeys,
  policy: KeyPolicy,
  now: Instant,
): readonly SymbolonError[] {
  const codes = new Set([
    ...before.keys.flatMap((key) => takenBack(key, after.keys, policy, now)),
    ...after.keys.flatMap((key) =>
      isEarly(key, before.keys, policy, now) ? ['key-without-lead' as const] : [],
    ),
  ]);
  return [...codes].map((code) => new SymbolonError(code, { path: role }));
}

/** REQ-KEY-012: a key that nobody knows yet begins after its lead. */
function isEarly(key: RegionKey, before: readonly RegionKey[], policy: KeyPolicy, now: Instant): boolean {
  if (before.some(({ kid }) => kid === key.kid)) return false;
  return key.notBefore < earliestStart(policy, now);
}

function takenBack(
  old: RegionKey,
  after: readonly RegionKey[],
  policy: KeyPolicy,
  now: Instant,
): ('key-still-signing' | 'key-taken-back')[] {
  const found = after.find(({ kid }) => kid === old.kid);
  // REQ-CER-003
  if (found === undefined) return now < lastUse(old, policy, now) ? ['key-still-signing'] : [];
  // REQ-CER-010
  const unrevoked = old.revoked !== undefined && found.revoked === undefined;
  return unrevoked || fixedOf(found) !== fixedOf(old) ? ['key-taken-back'] : [];
}

/** Until when something that the key signed may be shown to someone. */
function lastUse(key: RegionKey, policy: KeyPolicy, now: Instant): Instant {
  return neverBegan(key, now)
    ? now
    : hoursAfter(key.notAfter, keepHours({ blockAfterHours: policy.oldestHours }));
}

/**
 * Nothing valid was ever signed by a key that was revoked before it began. Of a key that has begun, its region says so itself: for credentials and
 * lists, of which verifiers would be told "unknown" instead of "revoked", that is not enough.
 */
function neverBegan({ use, notBefore, revoked }: RegionKey, now: Instant): boolean {
  if (revoked === undefined) return false;
  return now < notBefore || (use !== 'credential' && use !== 'status' && revoked.since < notBefore);
}

/** What never changes while a key is published. */
function fixedOf({ use, alg, jwk, notBefore, notAfter }: RegionKey): string {
  return canonicalJson({ use, alg, jwk: { ...jwk }, notBefore, notAfter });
}

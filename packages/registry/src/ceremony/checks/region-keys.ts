import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { KeyUse, type RegionKey } from '@symbolon/protocol/schemas/region';
import { signingOrder } from '../../epochs/plan-epochs.ts';
import { keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { FEDERATION_FILE } from '../../registry-view/owners.ts';
import { earliestStart, type KeyPolicy, type KeysContent, keyPolicyOf, keysContentOf } from '../content.ts';
import type { Check } from './check.ts';

/** What a new `keys.json` may do to the keys that verifiers know. Before the first publication nobody knows any. */
export const checkKeys: Check = (overlay, now) => {
  const { event, published, next } = overlay;
  if (published === undefined) return [];
  // Who does not know a key has a registry from before it, and so goes by the policy that is published now.
  const policy = keyPolicyOf(published);
  if (policy === undefined) throw new SymbolonError('metadata-missing', { path: FEDERATION_FILE });
  return [...event.roles.keys()].flatMap((role) => {
    const region = regionOfRole(role);
    if (role === TARGETS || role !== keysRoleOf(region)) return [];
    const before = keysContentOf(published, region) ?? { raw: {}, keys: [], stopped: false };
    const after = keysContentOf(next, region) ?? { raw: {}, keys: [], stopped: false };
    const codes = new Set([
      ...before.keys.flatMap((key) => takenBack(key, after.keys, policy, now)),
      ...after.keys.flatMap((key) =>
        isEarly(key, before.keys, policy, now) ? ['key-without-lead' as const] : [],
      ),
      ...(nothingLeft(before, after, now) ? ['no-key-left' as const] : []),
    ]);
    return [...codes].map((code) => new SymbolonError(code, { path: role }));
  });
};

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
  if (found === undefined) {
    // REQ-CER-003
    return now < addHours(old.notAfter, policy.longestHours) ? ['key-still-signing'] : [];
  }
  // REQ-CER-010
  const unrevoked = old.revoked !== undefined && found.revoked === undefined;
  return unrevoked || fixedOf(found) !== fixedOf(old) ? ['key-taken-back'] : [];
}

/** What never changes while a key is published. */
function fixedOf({ use, alg, jwk, notBefore, notAfter }: RegionKey): string {
  return canonicalJson({ use, alg, jwk: { ...jwk }, notBefore, notAfter });
}

/** REQ-CER-005: a use that has a key now, and would have none. */
function nothingLeft(before: KeysContent, after: KeysContent, now: Instant): boolean {
  if (after.stopped) return false;
  return KeyUse.options.some(
    (use) =>
      signingOrder(before.keys, use, now).length > 0 && signingOrder(after.keys, use, now).length === 0,
  );
}

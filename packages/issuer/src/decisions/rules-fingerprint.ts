import { sha256Base64url } from '@symbolon/keys/digest';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { isInForce } from '@symbolon/rules/decide';
import type { Publication } from '../publication.ts';

/**
 * What the outcome for a person depends on beside their facts: the rules in force, in their order, the list of places, the scheme. Another fingerprint means
 * that everyone is to be evaluated anew; a rule that comes into force or ends by time changes it as well.
 */
export function rulesFingerprint(publication: Publication, scheme: Scheme, now: Instant): string {
  const rules = own(publication.ruleSets, scheme.id)?.rules.filter((rule) => isInForce(rule, now));
  const places = own(publication.placeLists, scheme.id)?.entries;
  return sha256Base64url(JSON.stringify([scheme, rules ?? [], places ?? []]));
}

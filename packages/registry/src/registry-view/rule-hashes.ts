import { sha256 } from '@symbolon/keys/digest';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { isJsonObject, type Json } from '@symbolon/protocol/strict-json';

/** `region/scheme/id@version` -> SHA-256 of the rule's canonical form. */
export type RuleHashes = Readonly<Record<string, string>>;

/**
 * Hashes of the rules of one file: over the JSON as it was read, so that a field which this version does not know counts, too.
 *
 * @throws SymbolonError `json-not-canonical`
 */
export function hashRules(ruleSet: RuleSet, raw: Json): RuleHashes {
  const rules = isJsonObject(raw) && Array.isArray(raw['rules']) ? raw['rules'] : [];
  const entries = ruleSet.rules.map(({ id, version }, i) => {
    const rule = rules[i];
    if (rule === undefined) throw new SymbolonError('region-malformed', { path: 'rules' });
    return [
      `${ruleSet.region}/${ruleSet.scheme}/${id}@${version}`,
      toHex(sha256(utf8(canonicalJson(rule)))),
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** REQ-RUL-005: a published rule never changes under its version. @throws SymbolonError `rule-mutated` */
export function checkRulesUnchanged(seen: RuleHashes, now: RuleHashes): void {
  for (const [rule, hash] of Object.entries(now)) {
    const before = own(seen, rule);
    if (before !== undefined && before !== hash) throw new SymbolonError('rule-mutated');
  }
}

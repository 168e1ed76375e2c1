import { sha256Hex } from '@symbolon/keys/digest';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { isJsonObject, type Json } from '@symbolon/protocol/strict-json';

/** `region/scheme/id@version` -> SHA-256 of the rule's canonical form. */
export type RuleHashes = Readonly<Record<string, string>>;

/**
 * Hashes of the rules of one file, in their order: over the JSON as it was read, so that a field which this version does not know counts, too.
 *
 * @throws SymbolonError `json-not-canonical`
 */
export function hashEach(ruleSet: RuleSet, raw: Json): readonly string[] {
  const rules = isJsonObject(raw) && Array.isArray(raw['rules']) ? raw['rules'] : [];
  return ruleSet.rules.map((_, i) => {
    const rule = rules[i];
    if (rule === undefined) throw new SymbolonError('region-malformed', { path: 'rules' });
    return sha256Hex(canonicalJson(rule));
  });
}

/** Adds the hashes of `hashEach` under the names of the rules. */
export function nameHashes(
  { region, scheme, rules }: RuleSet,
  hashes: readonly string[],
  named: Record<string, string>,
): void {
  for (const [i, hash] of hashes.entries()) {
    const rule = rules[i];
    if (rule !== undefined) named[`${region}/${scheme}/${rule.id}@${rule.version}`] = hash;
  }
}

/** Both. @throws SymbolonError `json-not-canonical` */
export function hashRules(ruleSet: RuleSet, raw: Json): RuleHashes {
  const named: Record<string, string> = {};
  nameHashes(ruleSet, hashEach(ruleSet, raw), named);
  return named;
}

/** REQ-RUL-005: a published rule never changes under its version. @throws SymbolonError `rule-mutated` */
export function checkRulesUnchanged(seen: RuleHashes, now: RuleHashes): void {
  for (const [rule, hash] of Object.entries(now)) {
    const before = own(seen, rule);
    if (before !== undefined && before !== hash) throw new SymbolonError('rule-mutated');
  }
}

/** How many rules of each region are remembered. */
export function rememberedRules(seen: RuleHashes): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const rule of Object.keys(seen)) {
    const region = rule.slice(0, rule.indexOf('/'));
    counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  return counts;
}

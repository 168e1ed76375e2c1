import { sha256Hex } from '@symbolon/keys/digest';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { formatRuleRef } from '@symbolon/protocol/ids';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { isJsonObject, type Json } from '@symbolon/protocol/strict-json';
import { isAfterGap, type PastRegistry, type PastRule } from './past.ts';

export interface Coming {
  readonly at: Instant;
  /** From when on it had the right to decide, with the lead that the federation asked for then. Of what a region published first there is none, nor of what may have come when it cannot be read. */
  readonly earliest: Instant | undefined;
}

/** A rule version over all publications. */
export interface KnownRule extends PastRule {
  /** When it was published first. */
  readonly since: Instant;
  /** From then on it may decide: its own time. */
  readonly from: Instant;
  readonly sunset: Instant;
  /** Each time that it came in, oldest first: one that was taken out and comes back is new. */
  readonly comings: readonly Coming[];
  /** Whether two publications say different things under this name. */
  readonly isMutated: boolean;
}

/** @throws SymbolonError `region-malformed` */
export function rulesIn(json: Json): readonly PastRule[] {
  const { scheme, rules } = check(RuleSet, json, 'region-malformed');
  const raw = isJsonObject(json) && Array.isArray(json['rules']) ? json['rules'] : [];
  return rules.map((rule, i) => ({
    scheme,
    ref: formatRuleRef(rule),
    rule,
    digest: sha256Hex(canonicalJson(raw[i] ?? null)),
  }));
}

/** Every rule that was ever published, by `<region> <scheme> <id>@<version>`. */
export function knownRules({ publications, isWhole }: PastRegistry): ReadonlyMap<string, KnownRule> {
  const known = new Map<string, KnownRule>();
  const seenSchemes = new Set<string>();
  let before = new Set<string>();
  for (const [i, { at, federation, regions, schemes }] of publications.entries()) {
    const policies = [publications[i - 1]?.federation ?? federation, federation];
    const lead = Math.min(...policies.map((each) => each.ruleLeadHours ?? POLICY_DEFAULTS.ruleLeadHours));
    const here = new Set<string>();
    for (const [region, { rules }] of regions) {
      for (const each of rules) {
        const key = `${region} ${each.scheme} ${each.ref}`;
        here.add(key);
        const old = known.get(key);
        const isMutated = old !== undefined && (old.isMutated || old.digest !== each.digest);
        if (old !== undefined && isMutated) known.set(key, { ...old, isMutated });
        if (before.has(key)) continue;
        // REQ-RUL-010: what a region publishes first for a scheme has no lead, nor has what was there before all that is known.
        const isFirst = !seenSchemes.has(`${region} ${each.scheme}`) || (i === 0 && !isWhole);
        const { from, sunset } = each.rule;
        const hasLead = !isFirst && !isAfterGap(publications, i, region);
        const earliest = hasLead ? addHours(at, lead) : undefined;
        const comings = [...(old?.comings ?? []), { at, earliest }];
        known.set(
          key,
          old === undefined
            ? { ...each, since: at, from, sunset, comings, isMutated }
            : { ...old, comings, isMutated },
        );
      }
      for (const { scheme } of rules) if (schemes.has(scheme)) seenSchemes.add(`${region} ${scheme}`);
    }
    before = here;
  }
  return known;
}

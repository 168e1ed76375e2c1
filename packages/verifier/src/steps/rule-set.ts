import { isSymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { RegionView } from '@symbolon/registry/registry-view';
import { compileRuleSet } from '@symbolon/rules/rule-set';
import type { Findings } from '../findings.ts';

const compiles = new WeakMap<RuleSet, { readonly scheme: Scheme; readonly sound: boolean }>();

/**
 * REQ-RUL-006: a region whose rules do not compile against the facts of their scheme is not relied on, whoever signed them: a rule about bank deposits is
 * none. Compiled once for each rule set.
 */
export function checkRuleSet(scheme: Scheme, view: RegionView, findings: Findings): void {
  const ruleSet = own(view.ruleSets, scheme.id);
  if (ruleSet !== undefined && !isSound(ruleSet, scheme))
    findings.add('rule', 'rule-set-malformed', 'not-accepted');
}

function isSound(ruleSet: RuleSet, scheme: Scheme): boolean {
  const known = compiles.get(ruleSet);
  if (known?.scheme === scheme) return known.sound;
  const sound = compilesAgainst(ruleSet, scheme);
  compiles.set(ruleSet, { scheme, sound });
  return sound;
}

function compilesAgainst(ruleSet: RuleSet, scheme: Scheme): boolean {
  try {
    compileRuleSet(ruleSet, scheme);
    return true;
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}

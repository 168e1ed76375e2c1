import { formatRuleRef } from '@symbolon/protocol/ids';
import { isOnTheHour } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Fault, fileFault } from './problem.ts';

/** What could be read of a rule. */
export type LooseRule = { readonly [Member in keyof Rule]?: Rule[Member] | undefined };

/** What is wrong with a set of rules beside what is wrong with each. */
export function setFaults(
  schemeId: string | undefined,
  rules: readonly LooseRule[],
  scheme: Scheme,
): Fault[] {
  const faults: Fault[] = [];
  if (schemeId !== undefined && schemeId !== scheme.id) faults.push(fileFault(['scheme'], 'other-scheme'));
  if (rules.length === 0) faults.push(fileFault(['rules'], 'missing'));
  if (rules.length > LIMITS.rulesPerSet) faults.push(fileFault(['rules'], 'too-many', LIMITS.rulesPerSet));
  const seen = new Set<string>();
  for (const [index, { id, version }] of rules.entries()) {
    if (id === undefined || version === undefined) continue;
    const ref = formatRuleRef({ id, version });
    if (seen.has(ref)) faults.push(fileFault(['rules', index, 'id'], 'duplicate'));
    seen.add(ref);
  }
  return faults;
}

/** REQ-RUL-006: what is wrong with one rule, its expression aside. */
export function ruleFaults(rule: LooseRule, scheme: Scheme, at: readonly (string | number)[]): Fault[] {
  const { level, evidence, from, sunset } = rule;
  const faults: Fault[] = [];
  if (level !== undefined && !scheme.levels.some(({ id }) => id === level)) {
    faults.push(fileFault([...at, 'level'], 'unknown-level'));
  }
  if (evidence !== undefined && !scheme.evidenceClasses.includes(evidence)) {
    faults.push(fileFault([...at, 'evidence'], 'unknown-evidence'));
  }
  for (const member of ['legalBasis', 'words'] as const) {
    for (const language of ['en', 'zh'] as const) {
      // A person is to read it: spaces say nothing.
      if (rule[member]?.[language].trim() === '') faults.push(fileFault([...at, member, language], 'blank'));
    }
  }
  // Rules begin on the hour (protocol, section 3), and every rule ends.
  if (from !== undefined && !isOnTheHour(from)) faults.push(fileFault([...at, 'from'], 'not-on-the-hour'));
  if (from !== undefined && sunset !== undefined && !(from < sunset)) {
    faults.push(fileFault([...at, 'sunset'], 'not-after-from'));
  }
  return faults;
}

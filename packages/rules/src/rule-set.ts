import { formatRuleRef } from '@symbolon/protocol/ids';
import type { Rule, RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { compileRules, type RuleCompilation } from './compile-rules.ts';
import type { Compiler, Expression } from './expression.ts';
import { throwFaults } from './problem.ts';

export interface CompiledRule {
  readonly rule: Rule;
  /** `exposure-14d@3` */
  readonly ref: string;
  readonly when: Expression;
}

/** A rule set that passed every static check. */
export interface CompiledRuleSet {
  readonly ruleSet: RuleSet;
  readonly scheme: Scheme;
  readonly rules: readonly CompiledRule[];
  readonly compiler: Compiler;
}

/**
 * Compiles a rule set against the fact types of its scheme (protocol, section 9). A rule that reads a fact or a field which the
 * scheme does not declare, yields no bool, or names an unknown level or evidence class does not compile (REQ-RUL-006,
 * REQ-RUL-007, REQ-RUL-008). Every bad rule is told at once, in `path`: `rules.2.when:17 unknown-field (exposure-14d@3)`.
 *
 * Does not check who signed the set, its lead time, or that no published version was changed (`successionFaults`).
 *
 * @throws SymbolonError `rule-set-malformed`, `expression-forbidden`, `expression-malformed` (faults of several kinds:
 *   `rule-set-malformed`)
 */
export function compileRuleSet(ruleSet: RuleSet, scheme: Scheme): CompiledRuleSet {
  const compilation = compileRules(ruleSet.scheme, ruleSet.rules, scheme);
  throwFaults(compilation.faults, 'rule-set-malformed');
  return compiledFrom(ruleSet, scheme, compilation);
}

/** @param compilation of just this rule set, without faults */
export function compiledFrom(
  ruleSet: RuleSet,
  scheme: Scheme,
  { expressions, compiler }: RuleCompilation,
): CompiledRuleSet {
  const rules = ruleSet.rules.flatMap((rule, index) => {
    const when = expressions[index];
    return when === undefined ? [] : [{ rule, ref: formatRuleRef(rule), when }];
  });
  if (compiler === undefined || rules.length < ruleSet.rules.length)
    throw new TypeError('it did not compile');
  return { ruleSet, scheme, rules, compiler };
}

import { formatRuleRef } from '@symbolon/protocol/ids';
import { isOnTheHour } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Rule, RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Compiler, createCompiler, type Expression } from './expression.ts';
import { factVocabulary, schemeFaults } from './fact-vocabulary.ts';
import { type Fault, faultOf, throwFaults } from './problem.ts';

export interface CompiledRule {
  readonly rule: Rule;
  /** `exposure-14d@3` */
  readonly ref: string;
  readonly when: Expression;
}

/** A rule set that passed every static check. Only `compileRuleSet` makes one. */
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
 * Does not check who signed the set, its lead time, or that no published version was changed (REQ-RUL-005).
 *
 * @throws SymbolonError `rule-set-malformed`, `expression-forbidden`, `expression-malformed` (faults of several kinds:
 *   `rule-set-malformed`)
 */
export function compileRuleSet(ruleSet: RuleSet, scheme: Scheme): CompiledRuleSet {
  throwFaults([...setFaults(ruleSet, scheme), ...schemeFaults(scheme)], 'rule-set-malformed');
  const compiler = createCompiler(factVocabulary(scheme));
  const faults: Fault[] = [];
  const rules: CompiledRule[] = [];
  for (const [index, rule] of ruleSet.rules.entries()) {
    const path = `rules.${index}`;
    const ref = formatRuleRef(rule);
    const found = ruleFaults(rule, scheme, path);
    const compilation = compiler.compile(rule.when);
    if (compilation.ok) rules.push({ rule, ref, when: compilation.expression });
    else found.push(...compilation.problems.map((problem) => faultOf(`${path}.when`, problem)));
    faults.push(...found.map((fault) => ({ ...fault, path: `${fault.path} (${ref})` })));
  }
  const cost = rules.reduce((sum, rule) => sum + rule.when.cost, 0);
  if (cost > LIMITS.ruleSetCost)
    faults.push({ code: 'expression-forbidden', path: 'rules', bound: LIMITS.ruleSetCost });
  throwFaults(faults, 'rule-set-malformed');
  return { ruleSet, scheme, rules, compiler };
}

function setFaults(ruleSet: RuleSet, scheme: Scheme): Fault[] {
  const { rules } = ruleSet;
  const faults: Fault[] = [];
  if (ruleSet.scheme !== scheme.id) faults.push(malformed('scheme'));
  if (rules.length === 0) faults.push(malformed('rules'));
  if (rules.length > LIMITS.rulesPerSet) faults.push({ ...malformed('rules'), bound: LIMITS.rulesPerSet });
  if (new Set(rules.map(formatRuleRef)).size !== rules.length) faults.push(malformed('rules'));
  return faults;
}

function ruleFaults(rule: Rule, scheme: Scheme, path: string): Fault[] {
  const faults: Fault[] = [];
  if (!scheme.levels.some((level) => level.id === rule.level)) faults.push(malformed(`${path}.level`));
  if (!scheme.evidenceClasses.includes(rule.evidence)) faults.push(malformed(`${path}.evidence`));
  // Rules begin on the hour (protocol, section 3), and every rule ends.
  if (!isOnTheHour(rule.from)) faults.push(malformed(`${path}.from`));
  if (!(rule.from < rule.sunset)) faults.push(malformed(`${path}.sunset`));
  return faults;
}

function malformed(path: string): Fault {
  return { code: 'rule-set-malformed', path };
}

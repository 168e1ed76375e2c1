import { formatRuleRef } from '@symbolon/protocol/ids';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type Compiler, createCompiler, type Expression } from './expression.ts';
import { factVocabulary, schemeFaults } from './fact-vocabulary.ts';
import { type Fault, faultOf } from './problem.ts';
import { type LooseRule, ruleFaults, setFaults } from './rule-faults.ts';

export interface RuleCompilation {
  readonly faults: readonly Fault[];
  /** One for each rule; nothing where its expression does not compile or could not be read. */
  readonly expressions: readonly (Expression | undefined)[];
  /** Nothing when the scheme itself cannot be compiled against. */
  readonly compiler: Compiler | undefined;
}

/** Compiles what could be read of a rule set against its scheme. Every fault is told. */
export function compileRules(
  schemeId: string | undefined,
  rules: readonly LooseRule[],
  scheme: Scheme,
): RuleCompilation {
  const faults = [...setFaults(schemeId, rules, scheme), ...schemeFaults(scheme)];
  const isBeyond = rules.length > LIMITS.rulesPerSet;
  if (isBeyond || schemeFaults(scheme).length > 0) return { faults, expressions: [], compiler: undefined };
  const compiler = createCompiler(factVocabulary(scheme));
  const expressions = rules.map((rule, index) => {
    const at = ['rules', index];
    const found = ruleFaults(rule, scheme, at);
    const compilation = rule.when === undefined ? undefined : compiler.compile(rule.when);
    if (compilation?.ok === false) {
      const where = [...at, 'when'];
      found.push(...compilation.problems.map((each) => ({ ...faultOf(where.join('.'), each), at: where })));
    }
    faults.push(...found.map((fault) => named(fault, rule)));
    return compilation?.ok === true ? compilation.expression : undefined;
  });
  const cost = expressions.reduce((sum, expression) => sum + (expression?.cost ?? 0), 0);
  if (cost > LIMITS.ruleSetCost) {
    const [at, bound, reason] = [['rules'], LIMITS.ruleSetCost, 'too-costly' as const];
    faults.push({ code: 'expression-forbidden', path: 'rules', at, bound, reason });
  }
  return { faults, expressions, compiler };
}

/** `rules.2.level (exposure-14d@3)` */
function named(fault: Fault, { id, version }: LooseRule): Fault {
  if (id === undefined || version === undefined) return fault;
  return { ...fault, path: `${fault.path} (${formatRuleRef({ id, version })})` };
}

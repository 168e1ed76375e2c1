import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Compiler, Context } from './expression.ts';
import { checkFact, countsAt, type Fact } from './fact.ts';
import { factRecordName } from './fact-vocabulary.ts';
import type { CompiledRule, CompiledRuleSet } from './rule-set.ts';

/** What the rules say of a subject at one time. Not yet a decision: nothing is approved, logged or signed. */
export interface Determination {
  /** The first rule in force that is true. It names the level, the evidence class, the words and the contest deadline. */
  readonly rule: Rule;
  /** `exposure-14d@3` */
  readonly ref: string;
  /** The facts that counted: observed by now, and not expired. */
  readonly counted: readonly Fact[];
}

/**
 * Applies a rule set to the facts about one subject: the first rule that is in force (`from <= now < sunset`) and true decides.
 * Facts that lie in the future, or whose type's time has run out, do not count. The order of the facts does not matter.
 *
 * @returns undefined when no rule applies (`no-decision` is for the caller to say)
 * @throws SymbolonError `fact-malformed` on a fact that the scheme does not declare, or more than `LIMITS.subjectFacts` of them;
 *   `expression-failed` when a rule overflows: it is not skipped, as a later rule would then decide in its place
 */
export function decide(
  compiled: CompiledRuleSet,
  facts: readonly Fact[],
  now: Instant,
): Determination | undefined {
  const { counted, holds } = weigh(compiled, facts, now);
  const found = compiled.rules.find((each) => isInForce(each.rule, now) && holds(each));
  return found && { rule: found.rule, ref: found.ref, counted };
}

/** REQ-RUL-002: from its first hour until its sunset. */
export function isInForce({ from, sunset }: Rule, now: Instant): boolean {
  return from <= now && now < sunset;
}

export interface Weighed {
  readonly counted: readonly Fact[];
  /** Whether a rule is true of the facts that count, whenever it is in force. @throws SymbolonError `expression-failed` */
  readonly holds: (rule: CompiledRule) => boolean;
}

/** The facts that count, and how each rule reads them. @throws SymbolonError `fact-malformed` */
export function weigh({ scheme, compiler }: CompiledRuleSet, facts: readonly Fact[], now: Instant): Weighed {
  if (facts.length > LIMITS.subjectFacts)
    throw new SymbolonError('fact-malformed', { bound: LIMITS.subjectFacts });
  const counted = facts.map((fact) => checkFact(scheme, fact)).filter((fact) => countsAt(scheme, fact, now));
  const context = contextOf(scheme, compiler, counted, now);
  const holds = ({ ref, when }: CompiledRule): boolean => {
    try {
      return when.evaluate(context) === true;
    } catch {
      // The library's error quotes values, so it is not kept.
      throw new SymbolonError('expression-failed', { path: ref });
    }
  };
  return { counted, holds };
}

function contextOf(scheme: Scheme, compiler: Compiler, facts: readonly Fact[], now: Instant): Context {
  const context: Record<string, unknown> = { now: new Date(now * 1000) };
  for (const name of Object.keys(scheme.factTypes)) {
    context[name] = facts
      .filter((fact) => fact.type === name)
      .map((fact) => compiler.record(factRecordName(name), celFields(scheme, fact)));
  }
  return context;
}

function celFields(scheme: Scheme, fact: Fact): Record<string, unknown> {
  const values: Record<string, unknown> = { at: new Date(fact.at * 1000) };
  for (const [name, kind] of Object.entries(scheme.factTypes[fact.type]?.fields ?? {})) {
    const value = fact.fields[name];
    if (kind === 'int' && typeof value === 'number') values[name] = BigInt(value);
    else if (kind === 'timestamp' && typeof value === 'number') values[name] = new Date(value * 1000);
    else values[name] = value;
  }
  return values;
}

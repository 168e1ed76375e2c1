import { HOUR_SECONDS, type Instant, isInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide, isInForce, weigh } from './decide.ts';
import type { Fact } from './fact.ts';
import { joinLiterals, type Literals } from './literals-of.ts';
import type { CompiledRuleSet } from './rule-set.ts';

export interface RuleReading {
  readonly rule: Rule;
  readonly ref: string;
  readonly inForce: boolean;
  /** Whether it is true of the facts that count, in force or not. */
  readonly holds: boolean;
  readonly decides: boolean;
}

export interface Explanation {
  /** In the order of the file. */
  readonly rules: readonly RuleReading[];
  /** Nothing when no rule decides: there is no status. */
  readonly decision: RuleReading | undefined;
  readonly counted: readonly Fact[];
  /** When another rule would decide, or none, if no fact came in between. Nothing when that was not found. */
  readonly until:
    | { readonly at: Instant; readonly next: { readonly rule: Rule; readonly ref: string } | undefined }
    | undefined;
}

/**
 * How a rule set reads some facts, rule by rule, and until when.
 *
 * @throws SymbolonError what `decide` throws
 */
export function explain(compiled: CompiledRuleSet, facts: readonly Fact[], now: Instant): Explanation {
  const { counted, holds } = weigh(compiled, facts, now);
  const read = compiled.rules.map((each) => ({
    rule: each.rule,
    ref: each.ref,
    inForce: isInForce(each.rule, now),
    holds: holds(each),
  }));
  const first = read.findIndex((each) => each.inForce && each.holds);
  const rules = read.map((each, index) => ({ ...each, decides: index === first }));
  return { rules, decision: rules[first], counted, until: endOf(compiled, facts, now, rules[first]?.ref) };
}

/** The first of the times at which something can change, at which another rule decides. */
function endOf(
  compiled: CompiledRuleSet,
  facts: readonly Fact[],
  now: Instant,
  ref: string | undefined,
): Explanation['until'] {
  for (const at of turningPoints(compiled, facts, now)) {
    const next = decide(compiled, facts, at);
    if (next?.ref !== ref) return { at, next };
  }
  return undefined;
}

/**
 * Times after `now` at which the truth of a rule can change: it begins or ends, a fact expires, or a time in a fact lies as far back as a duration that is
 * written in a rule. A rule that reckons with sums of more than two durations can change at others.
 */
function turningPoints(
  { rules, scheme }: CompiledRuleSet,
  facts: readonly Fact[],
  now: Instant,
): readonly Instant[] {
  const { durations, timestamps } = joinLiterals(rules.map(({ when }) => when.literals()));
  const spans = spansOf(durations);
  const fixed = [...rules.flatMap(({ rule }) => [rule.from, rule.sunset]), ...timestamps];
  const moving = facts.flatMap((fact) => [
    fact.at + (own(scheme.factTypes, fact.type)?.keepHours ?? 0) * HOUR_SECONDS,
    ...timesOf(scheme, fact).flatMap((time) => [time, ...spans.map((span) => time + span)]),
  ]);
  // A comparison that includes its bound changes a second later.
  const all = new Set([...fixed, ...moving].flatMap((time) => [time, time + 1]));
  return [...all]
    .filter((time) => time > now)
    .filter(isInstant)
    .sort((a, b) => a - b);
}

/** Durations, and sums and differences of two. */
function spansOf(durations: Literals['durations']): readonly number[] {
  const single = [...durations];
  const double = single.flatMap((a) => single.flatMap((b) => [a + b, Math.abs(a - b)]));
  return [...new Set([...single, ...double])];
}

function timesOf(scheme: Scheme, { type, at, fields }: Fact): readonly number[] {
  const kinds = own(scheme.factTypes, type)?.fields ?? {};
  const times = Object.entries(fields).flatMap(([name, value]) =>
    own(kinds, name) === 'timestamp' && typeof value === 'number' ? [value] : [],
  );
  return [at, ...times];
}

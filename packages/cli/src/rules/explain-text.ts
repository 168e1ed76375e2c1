import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { Explanation, RuleReading } from '@symbolon/rules/explain';
import type { Fact } from '@symbolon/rules/fact';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import type { Language } from '@symbolon/verifier/texts';
import { factsJson } from './facts-file.ts';
import { factText, levelText, WORDS } from './words.ts';

export interface Explained {
  readonly compiled: CompiledRuleSet;
  readonly facts: readonly Fact[];
  readonly now: Instant;
  readonly explanation: Explanation;
}

/** What the rules say of these facts, and why, line by line. */
export function explainText({ compiled, facts, now, explanation }: Explained, language: Language): string {
  const words = WORDS[language];
  const { scheme, ruleSet } = compiled;
  const { rules, counted } = explanation;
  const uncounted = facts.filter((fact) => !counted.some((each) => isSame(each, fact)));
  const list = (some: readonly Fact[]) =>
    some.length === 0
      ? [`  ${words.none}`]
      : some.map((fact) => `  ${factText(scheme, fact, now, language)}`);
  return [
    words.title(ruleSet.region, scheme.titles[language], formatInstant(now)),
    '',
    `${words.counted}:`,
    ...list(counted),
    ...(uncounted.length === 0 ? [] : [`${words.uncounted}:`, ...list(uncounted)]),
    '',
    ...rules.map((each) => ruleLine(each, language)),
    '',
    ...decisionLines(compiled, explanation, language),
  ].join('\n');
}

function isSame(a: Fact, b: Fact): boolean {
  return a.type === b.type && a.at === b.at && JSON.stringify(a.fields) === JSON.stringify(b.fields);
}

function ruleLine({ rule, ref, decides, holds, inForce }: RuleReading, language: Language): string {
  const words = WORDS[language];
  const says = decides ? words.decides : holds ? words.holds : words.doesNotHold;
  const mark = decides ? '>' : ' ';
  return `${mark} ${ref}  ${rule.level}  ${inForce ? says : words.notInForce}: ${rule.words[language]}`;
}

function decisionLines(
  { scheme }: CompiledRuleSet,
  { decision, until }: Explanation,
  language: Language,
): readonly string[] {
  const words = WORDS[language];
  const next = until?.next;
  const after =
    next === undefined ? words.noStatus : `${levelText(scheme, next.rule.level, language)}, ${next.ref}`;
  const end =
    until === undefined
      ? words.forever
      : `${words.until(formatInstant(until.at))}; ${words.afterwards}: ${after}`;
  if (decision === undefined) return [words.noDecision, end];
  const { rule, ref } = decision;
  return [
    `${words.decision}: ${levelText(scheme, rule.level, language)}, ${ref}: ${rule.words[language]}`,
    `${words.evidence}: ${rule.evidence}`,
    `${words.legalBasis}: ${rule.legalBasis[language]}`,
    words.contest(rule.contestHours),
    end,
  ];
}

/** The same for machines. */
export function explainJson({ compiled, facts, now, explanation }: Explained): object {
  const { decision, until, rules } = explanation;
  const short = (found: { rule: { level: string }; ref: string } | undefined) =>
    found === undefined ? null : { level: found.rule.level, rule: found.ref };
  return {
    ...factsJson(compiled.scheme, facts, now),
    decision: short(decision),
    until: until === undefined ? null : { at: formatInstant(until.at), next: short(until.next) },
    rules: rules.map(({ ref, rule, inForce, holds, decides }) => ({
      rule: ref,
      level: rule.level,
      inForce,
      holds,
      decides,
    })),
  };
}

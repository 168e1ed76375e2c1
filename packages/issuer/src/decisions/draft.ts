import { type Instant, instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide } from '@symbolon/rules/decide';
import type { Fact } from '@symbolon/rules/fact';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import type { Decision } from './decision.ts';

/** A decision that has no number yet. */
export type Draft = Omit<Decision, 'sequence'>;

/**
 * What the rules say of these facts, if anything.
 *
 * @throws SymbolonError `expression-failed`, `fact-malformed`
 */
export function draftByRules(
  rules: CompiledRuleSet,
  facts: readonly Fact[],
  subject: string,
  now: Instant,
): Draft | undefined {
  const match = decide(rules, facts, now);
  const authority = match?.rule.authorities[0];
  if (match === undefined || authority === undefined) return undefined;
  const { rule, ref, counted } = match;
  const sampledAt = sampleTime(rules.scheme, counted);
  return {
    subject,
    scheme: rules.scheme.id,
    level: rule.level,
    rule: ref,
    authority,
    evidence: rule.evidence,
    mode: 'automatic',
    decidedAt: now,
    ...(sampledAt === undefined ? {} : { sampledAt }),
  };
}

/** A decision that was made before, to be made again: what it rests on stays, the time is new. */
export function restated({ sequence: _, ...decision }: Decision, now: Instant): Draft {
  return { ...decision, decidedAt: now };
}

/** Whether two decisions say the same on the same ground, so that the second one would add nothing. */
export function isSameOutcome(a: Draft, b: Draft): boolean {
  return (
    a.level === b.level &&
    a.rule === b.rule &&
    a.authority === b.authority &&
    a.mode === b.mode &&
    a.proposal === b.proposal &&
    a.sampledAt === b.sampledAt
  );
}

/** Only where the scheme has an age: an unrelated fact must not make an old sample look fresh. */
function sampleTime({ ageFrom }: Scheme, counted: readonly Fact[]): Instant | undefined {
  const times = counted.filter(({ type }) => type === ageFrom).map(({ at }) => at);
  return times.length === 0 ? undefined : instant(Math.max(...times));
}

import { type Instant, instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide } from '@symbolon/rules/decide';
import type { Fact } from '@symbolon/rules/fact';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import type { Decision } from './decision.ts';

/** A decision that has no place in the sequence yet, so what is before it is not known. */
export type Draft = Omit<Decision, 'sequence' | 'milderThan' | 'mergedFrom'>;

/** Rule versions that have no effect on a subject now, and the sample of its current decision. */
export interface LeftOut {
  readonly rules: ReadonlySet<string>;
  readonly sampledAt: Instant | undefined;
}

/**
 * What the rules say of these facts, if anything: the first one that holds, of those that are not left out. Where one is left out, its facts must not make a
 * sample look fresh: the sample of the current decision stays if it counts still, or it is the oldest.
 *
 * @throws SymbolonError `expression-failed`, `fact-malformed`
 */
export function draftByRules(
  rules: CompiledRuleSet,
  facts: readonly Fact[],
  subject: string,
  now: Instant,
  leftOut: LeftOut,
): Draft | undefined {
  const effective = { ...rules, rules: rules.rules.filter(({ ref }) => !leftOut.rules.has(ref)) };
  const match = decide(effective, facts, now);
  const authority = match?.rule.authorities[0];
  if (match === undefined || authority === undefined) return undefined;
  const { rule, ref, counted } = match;
  const sampledAt = sampleTime(rules.scheme, counted, leftOut);
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
export function restated(
  { sequence: _, milderThan: __, mergedFrom: ___, ...decision }: Decision,
  now: Instant,
): Draft {
  return { ...decision, decidedAt: now };
}

/** That a status has ended: no rule holds any more, and no hand. It names what has ended, and rests on no sample. */
export function endOf({ subject, scheme, level, rule, authority, evidence }: Decision, now: Instant): Draft {
  return { subject, scheme, level, rule, authority, evidence, mode: 'ended', decidedAt: now };
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
function sampleTime({ ageFrom }: Scheme, counted: readonly Fact[], leftOut: LeftOut): Instant | undefined {
  const times = counted.filter(({ type }) => type === ageFrom).map(({ at }) => at);
  if (times.length === 0) return undefined;
  if (leftOut.rules.size === 0) return instant(Math.max(...times));
  return times.find((at) => at === leftOut.sampledAt) ?? instant(Math.min(...times));
}

import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide } from '@symbolon/rules/decide';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import { statusOf } from '../decisions/decision.ts';
import { isAdverse, worsens } from '../decisions/strictness.ts';
import type { DecisionStore } from '../ports.ts';
import { type Publication, rulesOf } from '../publication.ts';
import { factsThatCount } from './open-facts.ts';
import type { SubjectPlan } from './plan-subject.ts';
import type { OpenedFact } from './sealed-content.ts';

/**
 * Whether a subject would turn to a stricter, adverse level by what a batch says of it, or would lose a favourable one: compared with what the rules say now
 * without the batch, and with the newest decision, which may be out of date. Nothing is stored, and the guards that a decision has to pass are not asked.
 *
 * @throws SymbolonError `rule-unknown`, `rule-set-malformed`, `expression-failed`, `fact-malformed` of a published place
 */
export async function wouldTurnAdverse(
  { decisions }: { readonly decisions: DecisionStore },
  publication: Publication,
  scheme: Scheme,
  plan: SubjectPlan,
  stored: readonly OpenedFact[],
  source: string,
  now: Instant,
): Promise<boolean> {
  const rules = rulesOf(publication, scheme);
  const kept = stored.filter((each) => each.source !== source || !plan.retract.includes(each.id));
  const added = plan.add.map(({ fact }) => ({ fact, receivedAt: now }));
  const after = decide(rules, factsThatCount(publication, scheme, [...kept, ...added], now), now)?.rule.level;
  const before = levelBefore(publication, rules, stored, now);
  if (after === undefined) return before !== undefined && !isAdverse(scheme, before);
  const current = statusOf(await decisions.newest(plan.subject, scheme.id))?.level;
  return worsens(scheme, after, before) || worsens(scheme, after, current);
}

/** Facts that no rule can weigh are no level: a batch may be what takes them back. */
function levelBefore(
  publication: Publication,
  rules: CompiledRuleSet,
  stored: readonly OpenedFact[],
  now: Instant,
): string | undefined {
  try {
    return decide(rules, factsThatCount(publication, rules.scheme, stored, now), now)?.rule.level;
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

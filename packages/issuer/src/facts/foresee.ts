import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide } from '@symbolon/rules/decide';
import { isWorse } from '../decisions/strictness.ts';
import type { DecisionStore } from '../ports.ts';
import { type Publication, rulesOf } from '../publication.ts';
import { factsThatCount } from './open-facts.ts';
import type { SubjectPlan } from './plan-subject.ts';
import type { OpenedFact } from './sealed-content.ts';

/**
 * Whether a subject would turn to a stricter, adverse level by what a batch says of it. Nothing is stored, and the guards that a decision has to pass are
 * not asked.
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
  const kept = stored.filter((each) => each.source !== source || !plan.retract.includes(each.id));
  const facts = factsThatCount(publication, scheme, [...kept, ...plan.add], now);
  const match = decide(rulesOf(publication, scheme), facts, now);
  if (match === undefined) return false;
  const current = await decisions.newest(plan.subject, scheme.id);
  return isWorse(scheme, match.rule.level, current?.level);
}

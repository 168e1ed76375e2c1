import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { isInForce } from '@symbolon/rules/decide';
import { type Publication, schemeOf } from '../publication.ts';
import { publishedRule } from './published-rule.ts';
import { isAdverse } from './strictness.ts';

/**
 * REQ-ISS-039: the rule that a decision by hand cites. It is in force and adverse, lists the office, and outlives the decision, which ends in time.
 *
 * @throws SymbolonError `scheme-unknown`, `decision-not-adverse` with the place: `rule`, `authority` or `until`
 */
export function citedRule(
  publication: Publication,
  cited: {
    readonly scheme: string;
    readonly rule: string;
    readonly authority: string;
    readonly until: Instant;
  },
  now: Instant,
): Rule {
  const scheme = schemeOf(publication, cited.scheme);
  const rule = publishedRule(publication, scheme.id, cited.rule);
  if (rule === undefined || !isInForce(rule, now) || !isAdverse(scheme, rule.level))
    throw new SymbolonError('decision-not-adverse', { path: 'rule' });
  if (!rule.authorities.includes(cited.authority))
    throw new SymbolonError('decision-not-adverse', { path: 'authority' });
  const latest = addHours(now, LIMITS.manualDecisionHours);
  if (cited.until <= now || cited.until > latest || cited.until > rule.sunset)
    throw new SymbolonError('decision-not-adverse', { path: 'until', bound: LIMITS.manualDecisionHours });
  return rule;
}

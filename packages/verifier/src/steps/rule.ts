import { parseRuleRef } from '@symbolon/protocol/ids';
import { own } from '@symbolon/protocol/own';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { RegionView } from '@symbolon/registry/registry-view';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';

/** Step 7: the rule that the status names is published by its region, was in force and had its lead, gives this level, and is this authority's to use. */
export function checkRule({ claims }: Decoded, view: RegionView, findings: Findings): Rule | undefined {
  const ref = parseRuleRef(claims.rule);
  const rule = own(view.ruleSets, claims.scheme)?.rules.find(
    ({ id, version }) => id === ref.id && version === ref.version,
  );
  if (rule === undefined) {
    findings.add('rule', 'rule-unknown', 'not-accepted');
    return undefined;
  }
  if (claims.issuedAt < rule.from || claims.issuedAt >= rule.sunset)
    findings.add('rule', 'rule-not-in-force', 'not-accepted');
  // REQ-RUL-010: this client saw the region's rules without it too shortly before.
  const countsFrom = own(view.lateRules, `${claims.scheme}/${claims.rule}`);
  if (countsFrom !== undefined && claims.issuedAt < countsFrom)
    findings.add('rule', 'rule-without-lead', 'not-accepted');
  if (rule.level !== claims.level) findings.add('rule', 'rule-level', 'not-accepted');
  const listed =
    own(view.region.authorities, claims.authority) !== undefined &&
    rule.authorities.includes(claims.authority);
  if (!listed) findings.add('rule', 'authority-unknown', 'not-accepted');
  return rule;
}

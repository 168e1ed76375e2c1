import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatRuleRef } from '@symbolon/protocol/ids';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { compileRules } from './compile-rules.ts';
import type { Fault } from './problem.ts';

export interface Succession {
  /** What is published now; nothing when the region has published no rules for this scheme. */
  readonly before: RuleSet | undefined;
  readonly after: RuleSet;
  /** The region publishes for the first time: nobody has relied on its rules yet. */
  readonly isFirst: boolean;
  /** `ruleLeadHours` of the federation. */
  readonly leadHours: number;
}

/**
 * What speaks against publishing a rule set at `now`, by the one that is published:
 *
 * - REQ-RUL-005 `rule-mutated`: a version that is published says something else
 * - REQ-RUL-010 `rule-without-lead`: a new version comes into force sooner than `leadHours` after `now`
 *
 * A rule that is gone, and members that this version does not know, are for the ceremony's own checks.
 */
export function successionFaults(
  { before, after, isFirst, leadHours }: Succession,
  now: Instant,
): readonly Fault[] {
  const known = new Map(before?.rules.map((rule) => [formatRuleRef(rule), canonicalJson(rule)]));
  const earliest = addHours(now, leadHours);
  return after.rules.flatMap((rule, index): readonly Fault[] => {
    const ref = formatRuleRef(rule);
    const published = known.get(ref);
    const at = ['rules', index];
    if (published !== undefined) {
      if (published === canonicalJson(rule)) return [];
      return [{ code: 'rule-mutated', path: `${at.join('.')} (${ref})`, at, reason: 'changed' }];
    }
    if (isFirst || rule.from >= earliest) return [];
    const from = [...at, 'from'];
    const path = `${from.join('.')} (${ref})`;
    return [{ code: 'rule-without-lead', path, at: from, reason: 'too-soon', bound: leadHours }];
  });
}

/** A rule set that is about to be published. */
export interface RuleSetChange extends Succession {
  /** `regions/CN-HA/rules.health.json` */
  readonly path: string;
  readonly scheme: Scheme;
  /** Offices that the region lists. */
  readonly authorities: readonly string[];
}

/**
 * What a ceremony looks at before anyone signs or publishes rules: they compile (REQ-RUL-006), name offices of the region (REQ-RUL-004), and follow on what
 * is published (`successionFaults`).
 *
 * @returns errors whose paths begin with the file
 */
export function ruleSetFaults(change: RuleSetChange, now: Instant): readonly SymbolonError[] {
  const { after, scheme, path } = change;
  const faults = [
    ...compileRules(after.scheme, after.rules, scheme).faults,
    ...authorityFaults(change),
    ...successionFaults(change, now),
  ];
  return faults.map(
    ({ code, path: within, bound }) =>
      new SymbolonError(code, { path: `${path} ${within}`, ...(bound !== undefined && { bound }) }),
  );
}

/** REQ-RUL-004: rules that name an office which the region does not list. */
export function authorityFaults({
  after,
  authorities,
}: Pick<RuleSetChange, 'after' | 'authorities'>): readonly Fault[] {
  return after.rules.flatMap((rule, index) => {
    if (rule.authorities.every((each) => authorities.includes(each))) return [];
    const at = ['rules', index, 'authorities'];
    const path = `${at.join('.')} (${formatRuleRef(rule)})`;
    return [{ code: 'rule-set-malformed' as const, path, at, reason: 'unlisted-authority' as const }];
  });
}

import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { isInForce } from './decide.ts';
import type { CompiledRule, CompiledRuleSet } from './rule-set.ts';

/** What compiles and is likely not meant. */
export interface Warning {
  readonly reason: 'unreachable' | 'no-last-rule' | 'sunset-soon';
  /** As that of a fault. */
  readonly path: string;
  readonly at: readonly (string | number)[];
}

const SOON_SECONDS = 30 * DAY_SECONDS;

/**
 * - `unreachable`: a rule behind one that always holds and is in force whenever it is
 * - `no-last-rule`: no rule in force always holds, so there are facts with which a subject has no status
 * - `sunset-soon`: a rule in force, or to come, ends within 30 days
 */
export function warningsOf({ rules }: CompiledRuleSet, now: Instant): readonly Warning[] {
  const warnings: Warning[] = [];
  for (const [index, each] of rules.entries()) {
    const { sunset } = each.rule;
    if (rules.slice(0, index).some((earlier) => hides(earlier, each))) {
      warnings.push(warningAt('unreachable', ['rules', index], each));
    }
    if (now < sunset && sunset <= now + SOON_SECONDS) {
      warnings.push(warningAt('sunset-soon', ['rules', index, 'sunset'], each));
    }
  }
  if (!rules.some(({ rule, when }) => when.alwaysHolds && isInForce(rule, now))) {
    warnings.push({ reason: 'no-last-rule', path: 'rules', at: ['rules'] });
  }
  return warnings;
}

function hides(earlier: CompiledRule, later: CompiledRule): boolean {
  const { from, sunset } = earlier.rule;
  return earlier.when.alwaysHolds && from <= later.rule.from && later.rule.sunset <= sunset;
}

function warningAt(
  reason: Warning['reason'],
  at: readonly (string | number)[],
  { ref }: CompiledRule,
): Warning {
  return { reason, path: `${at.join('.')} (${ref})`, at };
}

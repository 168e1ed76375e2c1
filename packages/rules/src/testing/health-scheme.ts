import { type Instant, instant } from '@symbolon/protocol/instant';
import type { Rule, RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '../fact.ts';

/** A scheme, rules and facts for the tests of this package. */
const words = { en: 'words', zh: '文字' };

export const NOW: Instant = instant(1_800_000_000);
export const HOUR = 3600;

export const HEALTH: Scheme = {
  id: 'health',
  major: 1,
  titles: words,
  subjects: 'person',
  purposes: ['entry'],
  levels: [
    { id: 'green', effect: 'favourable', titles: words },
    { id: 'yellow', effect: 'adverse', titles: words },
    { id: 'red', effect: 'adverse', titles: words },
  ],
  factTypes: {
    exposure: {
      titles: words,
      fields: { risk: 'string', minutes: 'int', indoors: 'bool', place: 'string' },
      values: { risk: ['low', 'high'] },
      keepHours: 24 * 14,
    },
    test: {
      titles: words,
      fields: { result: 'string', takenAt: 'timestamp', cycles: 'int' },
      values: { result: ['negative', 'positive'] },
      keepHours: 24 * 7,
    },
  },
  evidenceClasses: ['contact', 'laboratory'],
  longestValidityHours: 24,
  statusList: true,
  bearer: false,
};

export function rule(changes: Partial<Rule> = {}): Rule {
  return {
    id: 'exposure-14d',
    version: 1,
    level: 'red',
    when: 'exposure.exists(e, e.risk == "high")',
    authorities: ['cdc'],
    evidence: 'contact',
    legalBasis: words,
    words,
    from: instant(NOW - 100 * HOUR),
    sunset: instant(NOW + 100 * HOUR),
    contestHours: 24,
    ...changes,
  };
}

/** A set of these rules; those without an id of their own are numbered. */
export function ruleSet(...changes: readonly Partial<Rule>[]): RuleSet {
  return {
    region: 'CN-HA',
    scheme: 'health',
    rules: changes.map((change, index) => rule({ id: `rule-${index}`, ...change })),
  };
}

export function exposure(fields: Readonly<Record<string, unknown>> = {}, at: number = NOW - HOUR): Fact {
  const whole = { risk: 'low', minutes: 5, indoors: false, place: 'market', ...fields };
  return { type: 'exposure', at: instant(at), fields: whole };
}

export function testFact(fields: Readonly<Record<string, unknown>> = {}, at: number = NOW - HOUR): Fact {
  return {
    type: 'test',
    at: instant(at),
    fields: { result: 'negative', takenAt: at, cycles: 30, ...fields },
  };
}

import { instant } from '@symbolon/protocol/instant';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { findDisagreement, SEARCHED_SETS } from './disagreement.ts';
import { compileRuleSet } from './rule-set.ts';
import { HEALTH, HOUR, NOW, ruleSet } from './testing/health-scheme.ts';

const rules = (when: string, changes: Partial<Rule> = {}) =>
  compileRuleSet(ruleSet({ when, ...changes }, { id: 'clear', level: 'green', when: 'true' }), HEALTH);
const exposed = (hours: number, more = '') =>
  `exposure.exists(e, e.risk == "high" && now - e.at < duration("${hours}h")${more})`;

describe('a set of facts on which two rule sets disagree', () => {
  it.each<[string, string, string, number]>([
    ['nothing at all', 'true', 'false', 0],
    ['an age, by an hour', exposed(168), exposed(167), 1],
    ['whether the bound itself counts', exposed(168), exposed(168).replace('<', '<='), 1],
    ['a value of a closed list', exposed(168), exposed(168).replace('high', 'low'), 1],
    ['a number', exposed(168, ' && e.minutes > 15'), exposed(168, ' && e.minutes >= 15'), 1],
    ['a text', exposed(168, ' && e.place == "market"'), exposed(168), 1],
    [
      'a time in a fact',
      'test.exists(t, now - t.takenAt < duration("24h"))',
      'test.exists(t, now - t.takenAt < duration("48h"))',
      1,
    ],
    ['two facts', 'size(exposure) > 1', 'false', 2],
    [
      'an exposure that a test ends',
      exposed(168),
      `${exposed(168)} && !test.exists(t, t.result == "negative")`,
      2,
    ],
    ['three facts', 'size(exposure) > 1 && size(test) > 0', 'size(exposure) > 1 && size(test) > 1', 3],
  ])('is found, the smallest: %s', (_, one, other, size) => {
    const [a, b] = [rules(one), rules(other)];
    const { found } = findDisagreement(a, b, NOW);
    const facts = found?.facts ?? expect.unreachable();
    expect(facts).toHaveLength(size);
    // The oracle: they do disagree on it.
    const levels = [a, b].map((each) => decide(each, facts, NOW)?.rule.level);
    expect(found?.levels).toEqual(levels);
    expect(new Set(levels).size).toBe(2);
  });

  it('is about levels: a rule of another name that says the same is none', () => {
    const search = findDisagreement(
      rules(exposed(168)),
      rules(exposed(168), { id: 'renamed', version: 7 }),
      NOW,
    );
    expect(search).toMatchObject({ found: undefined, whole: true });
  });

  it('is looked for at one time: a rule that has ended is not in force', () => {
    const ended = rules(exposed(168), { sunset: instant(NOW + HOUR) });
    expect(findDisagreement(ended, rules(exposed(168)), NOW).found).toBeUndefined();
    const later = instant(NOW + HOUR);
    expect(findDisagreement(ended, rules(exposed(168)), later).found?.levels).toEqual(['green', 'red']);
  });

  it('is not looked for without end', () => {
    const numbers = Array.from({ length: 12 }, (_, i) => `e.minutes == ${i * 10}`).join(' || ');
    const when = `exposure.exists(e, (${numbers}) && now - e.at < duration("24h"))`;
    const told: number[] = [];
    const search = findDisagreement(rules(when), rules(when), NOW, (tried) => told.push(tried));
    expect(search).toEqual({ found: undefined, tried: SEARCHED_SETS, whole: false });
    expect(told.at(-1)).toBe(SEARCHED_SETS);
  });
});

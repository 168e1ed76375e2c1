import { addHours, instant } from '@symbolon/protocol/instant';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { describe, expect, it } from 'vitest';
import { ruleSetFaults, successionFaults } from './lead.ts';
import { HEALTH, HOUR, NOW, rule, ruleSet } from './testing/health-scheme.ts';

const publishing = { isFirst: false, leadHours: 24 };
const before = ruleSet({ id: 'contact' });
const after = (change: Partial<Rule>) => ({ ...before, rules: [...before.rules, ...ruleSet(change).rules] });
const at = (seconds: number) => ({ id: 'stay', from: instant(NOW + seconds), sunset: addHours(NOW, 999) });

describe('REQ-RUL-010 a new version has its lead', () => {
  it.each([
    ['at once', 0, true],
    ['a second too soon', 24 * HOUR - 1, true],
    ['just in time', 24 * HOUR, false],
  ])('in force %s', (_, seconds, isRefused) => {
    const faults = successionFaults({ ...publishing, before, after: after(at(seconds)) }, NOW);
    const refused = { code: 'rule-without-lead', path: 'rules.1.from (stay@1)', bound: 24 };
    expect(faults).toEqual(isRefused ? [expect.objectContaining(refused)] : []);
  });

  it('another version of a published rule is a new one, and what is published already is not', () => {
    const next = after({ id: 'contact', version: 2 });
    expect(successionFaults({ ...publishing, before, after: next }, NOW)).toMatchObject([
      { path: 'rules.1.from (contact@2)' },
    ]);
    expect(successionFaults({ ...publishing, before: next, after: next }, NOW)).toEqual([]);
  });

  it('but for the first publication of a region; a further scheme has it', () => {
    const change = { before: undefined, after: before, leadHours: 24 };
    expect(successionFaults({ ...change, isFirst: true }, NOW)).toEqual([]);
    expect(successionFaults({ ...change, isFirst: false }, NOW)).toHaveLength(1);
    expect(successionFaults({ ...change, isFirst: false, leadHours: 0, after: ruleSet(at(0)) }, NOW)).toEqual(
      [],
    );
  });
});

describe('REQ-RUL-005 a published version stays as it is', () => {
  it.each([
    ['its expression', { when: 'true' }],
    ['its level', { level: 'yellow' }],
    ['its words', { words: { en: 'other words', zh: '文字' } }],
    ['its sunset', { sunset: addHours(NOW, 1000) }],
  ])('%s changes', (_, change) => {
    const faults = successionFaults(
      { ...publishing, before, after: ruleSet({ id: 'contact', ...change }) },
      NOW,
    );
    expect(faults).toMatchObject([{ code: 'rule-mutated', path: 'rules.0 (contact@1)' }]);
  });

  it('its place in the order is not part of it', () => {
    const both = after({ id: 'stay' });
    const turned = { ...both, rules: both.rules.toReversed() };
    expect(successionFaults({ ...publishing, before: both, after: turned }, NOW)).toEqual([]);
  });
});

it('REQ-RUL-004, REQ-RUL-006, REQ-RUL-010 before rules are published all that is wrong is told, with the file', () => {
  const rules = [rule({ when: 'deposits.exists(d, true)', authorities: ['bank'] })];
  const change = {
    ...publishing,
    path: 'regions/CN-HA/rules.health.json',
    scheme: HEALTH,
    before: undefined,
    after: { region: 'CN-HA', scheme: 'health', rules },
    authorities: ['cdc'],
  };
  const found = ruleSetFaults(change, NOW).map(({ code, path }) => [code, path]);
  expect(found).toEqual([
    ['expression-malformed', 'regions/CN-HA/rules.health.json rules.0.when:0 unknown-name (exposure-14d@1)'],
    ['rule-set-malformed', 'regions/CN-HA/rules.health.json rules.0.authorities (exposure-14d@1)'],
    ['rule-without-lead', 'regions/CN-HA/rules.health.json rules.0.from (exposure-14d@1)'],
  ]);
});

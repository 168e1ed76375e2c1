import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { Fact } from './fact.ts';
import { compileRuleSet } from './rule-set.ts';
import { exposure, HEALTH, HOUR, NOW, ruleSet, testFact } from './testing/health-scheme.ts';
import { whenTree } from './testing/when-oracle.ts';

const rules = (...changes: readonly Partial<Rule>[]) => compileRuleSet(ruleSet(...changes), HEALTH);
const holds = (when: string, facts: readonly Fact[]) => decide(rules({ when }), facts, NOW) !== undefined;

describe('the first rule in force that is true decides', () => {
  const compiled = rules(
    { id: 'exposed', when: 'exposure.exists(e, e.risk == "high")', level: 'red' },
    { id: 'positive', when: 'test.exists(t, t.result == "positive")', level: 'yellow' },
    { id: 'none', when: 'size(exposure) == 0', level: 'green', version: 4 },
  );

  it('gives the rule, its reference and the facts that counted', () => {
    const facts = [testFact({ result: 'positive' }), exposure({ risk: 'high' })];
    const [positive, high] = facts;
    expect(decide(compiled, facts, NOW)).toMatchObject({ ref: 'exposed@1', counted: [positive, high] });
    expect(decide(compiled, facts.toReversed(), NOW)).toMatchObject({ ref: 'exposed@1' });
    expect(decide(compiled, facts.slice(0, 1), NOW)?.rule.level).toBe('yellow');
    expect(decide(compiled, [], NOW)).toMatchObject({ ref: 'none@4', rule: { level: 'green' }, counted: [] });
  });

  it('REQ-ISS-008 gives nothing when none applies', () => {
    expect(decide(compiled, [exposure()], NOW)).toBeUndefined();
  });

  it('REQ-RUL-002 skips a rule before it begins and from its sunset on', () => {
    const later = rules(
      { id: 'later', when: 'true', from: instant(NOW + HOUR) },
      { id: 'gone', when: 'true', sunset: NOW },
      { id: 'in-force', when: 'true', from: NOW, sunset: instant(NOW + 2 * HOUR) },
    );
    expect(decide(later, [], NOW)?.ref).toBe('in-force@1');
    expect(decide(later, [], instant(NOW - 1))?.ref).toBe('gone@1');
    expect(decide(later, [], instant(NOW + HOUR))?.ref).toBe('later@1');
    expect(decide(later, [], instant(NOW + 2 * HOUR))?.ref).toBe('later@1');
  });

  it('a corrected fact corrects the level: expired and future facts do not count', () => {
    const keep = 14 * 24 * HOUR;
    const at = (seconds: number) => [exposure({ risk: 'high' }, seconds)];
    expect(decide(compiled, at(NOW), NOW)?.ref).toBe('exposed@1');
    expect(decide(compiled, at(NOW - keep + 1), NOW)?.ref).toBe('exposed@1');
    expect(decide(compiled, at(NOW - keep), NOW)).toMatchObject({ ref: 'none@4', counted: [] });
    expect(decide(compiled, at(NOW + 1), NOW)?.ref).toBe('none@4');
  });
});

describe('what a rule reads', () => {
  it('integers are exact', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(holds(`exposure.exists(e, e.minutes == ${most})`, [exposure({ minutes: most })])).toBe(true);
    expect(holds(`exposure.exists(e, e.minutes == ${most})`, [exposure({ minutes: most - 1 })])).toBe(false);
    expect(holds('exposure.exists(e, -e.minutes / 2 == -2)', [exposure({ minutes: 5 })])).toBe(true);
    expect(holds('exposure.exists(e, -e.minutes % 2 == -1)', [exposure({ minutes: 5 })])).toBe(true);
  });

  it('times are to the second', () => {
    const aged = [testFact({ takenAt: NOW - 48 * HOUR })];
    expect(holds('test.exists(t, now - t.takenAt <= duration("48h"))', aged)).toBe(true);
    expect(holds('test.exists(t, now - t.takenAt < duration("48h"))', aged)).toBe(false);
    expect(holds('test.exists(t, now - t.takenAt < duration("48h1s"))', aged)).toBe(true);
    expect(holds('test.exists(t, t.takenAt == timestamp("2027-01-13T08:00:00Z"))', aged)).toBe(true);
    expect(holds('test.exists(t, t.at < now - duration("59m59s"))', aged)).toBe(true);
    expect(holds('test.exists(t, t.at < now - duration("1h"))', aged)).toBe(false);
  });

  it('a filter can be filtered and counted, once for each fact', () => {
    const facts = [1, 2, 3, 4].map((minutes) => exposure({ minutes }));
    expect(holds('exposure.filter(e, e.minutes > 1).filter(f, f.minutes < 4).size() == 2', facts)).toBe(true);
    expect(holds('exposure.all(e, exposure.filter(f, f.minutes <= e.minutes).size() == 5 - 1)', facts)).toBe(
      false,
    );
    expect(
      holds('exposure.exists_one(e, exposure.filter(f, f.minutes <= e.minutes).size() == 4)', facts),
    ).toBe(true);
  });
});

describe('refusals', () => {
  it('REQ-RUL-009 an overflow stops: no later rule decides in its place', () => {
    const compiled = rules(
      { id: 'overflow', when: 'exposure.exists(e, e.minutes * e.minutes > 0)' },
      { id: 'green', when: 'true', level: 'green' },
    );
    const most = [exposure({ minutes: Number.MAX_SAFE_INTEGER })];
    expect(() => decide(compiled, most, NOW)).toThrowError(
      expect.objectContaining({ code: 'expression-failed', path: 'overflow@1' }),
    );
    expect(decide(compiled, [exposure()], NOW)?.ref).toBe('overflow@1');
  });

  it('REQ-ISS-007 a fact that the scheme does not declare, and too many facts', () => {
    const compiled = rules({ when: 'true' });
    expect(() => decide(compiled, [{ ...exposure(), type: 'deposit' }], NOW)).toThrowError(
      expect.objectContaining({ code: 'fact-malformed' }),
    );
    const most = Array(LIMITS.subjectFacts).fill(exposure());
    expect(decide(compiled, most, NOW)).toBeDefined();
    expect(() => decide(compiled, [...most, exposure()], NOW)).toThrowError(
      expect.objectContaining({ code: 'fact-malformed', bound: LIMITS.subjectFacts }),
    );
  });
});

describe('property: CEL and a hand-written evaluator agree', () => {
  const factOf = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('low', 'high'),
        fc.integer({ min: 0, max: 4 }),
        fc.boolean(),
        fc.integer({ min: -1, max: 9 }),
      )
      .map(([risk, minutes, indoors, hours]) => exposure({ risk, minutes, indoors }, NOW - hours * HOUR)),
    fc
      .tuple(
        fc.constantFrom('negative', 'positive'),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: -1, max: 9 }),
      )
      .map(([result, cycles, hours]) => testFact({ result, cycles, takenAt: NOW }, NOW - hours * HOUR)),
  );

  it('on 3,000 rules and fact sets', () => {
    let positive = 0;
    fc.assert(
      fc.property(whenTree, fc.array(factOf, { maxLength: 6 }), (tree, facts) => {
        const expected = tree.truth(facts, NOW);
        if (expected) positive++;
        expect(holds(tree.text, facts)).toBe(expected);
      }),
      { seed: 5, numRuns: 3000 },
    );
    // The oracle is worth something only if both answers occur.
    expect(positive).toBeGreaterThan(600);
    expect(positive).toBeLessThan(2400);
  });
});

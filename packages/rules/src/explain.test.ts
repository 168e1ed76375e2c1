import { instant } from '@symbolon/protocol/instant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { compileRuleSet } from './rule-set.ts';
import { exposure, HEALTH, HOUR, NOW, ruleSet, testFact } from './testing/health-scheme.ts';

const LONG = { sunset: instant(NOW + 10_000 * HOUR) };
const compiled = compileRuleSet(
  ruleSet(
    { id: 'old', when: 'true', sunset: instant(NOW) },
    { id: 'exposed', when: 'exposure.exists(e, e.risk == "high" && now - e.at < duration("168h"))', ...LONG },
    {
      id: 'tested',
      level: 'yellow',
      when: 'test.exists(t, t.takenAt + duration("24h") + duration("1h") >= now)',
      ...LONG,
    },
    { id: 'clear', level: 'green', when: 'true', ...LONG },
  ),
  HEALTH,
);
const until = (...facts: Parameters<typeof decide>[1]) => {
  const found = explain(compiled, facts, NOW).until;
  return found && [(found.at - NOW) / HOUR, found.next?.ref];
};

describe('an explanation', () => {
  it('says of each rule whether it is in force, holds, and decides', () => {
    const { rules, decision, counted } = explain(
      compiled,
      [exposure({ risk: 'high' }), exposure({}, NOW + 1)],
      NOW,
    );
    expect(rules.map(({ ref, inForce, holds, decides }) => [ref, inForce, holds, decides])).toEqual([
      ['old@1', false, true, false],
      ['exposed@1', true, true, true],
      ['tested@1', true, false, false],
      ['clear@1', true, true, false],
    ]);
    expect([decision?.ref, counted.length]).toEqual(['exposed@1', 1]);
  });

  it('says until when: the age that a rule asks for, a sum of two, the time that a fact is kept, a sunset', () => {
    expect(until(exposure({ risk: 'high' }, NOW - HOUR))).toEqual([167, 'clear@1']);
    const [hours, next] = until(testFact({ takenAt: NOW }, NOW)) ?? [];
    // `>=`: the bound itself still counts.
    expect([Number(hours) * HOUR, next]).toEqual([25 * HOUR + 1, 'clear@1']);
    expect(until()).toEqual([10_000, undefined]);
    const kept = compileRuleSet(ruleSet({ when: 'size(test) > 0', ...LONG }), HEALTH);
    const end = explain(kept, [testFact({}, NOW - HOUR)], NOW).until;
    expect([end && (end.at - NOW) / HOUR, end?.next]).toEqual([167, undefined]);
    // What is still to come counts as well.
    expect(until(exposure({ risk: 'high' }, NOW + 2 * HOUR))).toEqual([2, 'exposed@1']);
  });

  it('property: nothing changes before that time, hour by hour, and it does then', () => {
    const hours = fc.integer({ min: -30, max: 300 });
    fc.assert(
      fc.property(fc.array(hours, { maxLength: 4 }), fc.array(hours, { maxLength: 3 }), (exposed, tested) => {
        const facts = [
          ...exposed.map((each) => exposure({ risk: 'high' }, NOW - each * HOUR)),
          ...tested.map((each) => testFact({ takenAt: NOW - each * HOUR }, NOW - each * HOUR)),
        ];
        const { decision, until: end } = explain(compiled, facts, NOW);
        if (end === undefined) return expect.unreachable();
        expect(decide(compiled, facts, end.at)?.ref).not.toBe(decision?.ref);
        for (let at = NOW as number; at < Math.min(end.at, NOW + 400 * HOUR); at += HOUR)
          expect(decide(compiled, facts, instant(at))?.ref).toBe(decision?.ref);
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

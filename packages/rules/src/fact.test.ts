import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFact, countsAt } from './fact.ts';
import { exposure, HEALTH, HOUR, NOW, testFact } from './testing/health-scheme.ts';

function refusal(fact: unknown): unknown {
  try {
    checkFact(HEALTH, fact);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('REQ-ISS-007 a fact is what its scheme declares', () => {
  it('takes a whole fact and gives back the same', () => {
    expect(checkFact(HEALTH, exposure())).toEqual(exposure());
    expect(checkFact(HEALTH, testFact())).toEqual(testFact());
  });

  it.each([
    [{ ...exposure(), type: 'deposit' }, 'type'],
    [{ ...exposure(), type: 'constructor' }, 'type'],
    [{ ...exposure(), type: '__proto__' }, 'type'],
    [{ ...exposure(), at: 1.5 }, 'at'],
    [{ ...exposure(), at: NOW * 1000 * 1000 }, 'at'],
    [{ ...exposure(), note: 'x' }, '(root)'],
    [{ ...exposure(), fields: { risk: 'low' } }, 'fields.minutes, fields.indoors, fields.place'],
    [exposure({ bank: 'x' }), 'fields.?'],
    [exposure({ at: 1 }), 'fields.?'],
    [exposure({ risk: 'none' }), 'fields.risk'],
    [exposure({ risk: 1 }), 'fields.risk'],
    [exposure({ risk: ['low'] }), 'fields.risk'],
    [exposure({ risk: null }), 'fields.risk'],
    [exposure({ minutes: 1.5 }), 'fields.minutes'],
    [exposure({ minutes: 2 ** 53 }), 'fields.minutes'],
    [exposure({ minutes: Number.NaN, indoors: 'yes', risk: '' }), 'fields.minutes'],
    [exposure({ minutes: '5', indoors: 'yes' }), 'fields.minutes, fields.indoors'],
    [exposure({ place: 'x'.repeat(LIMITS.factStringChars + 1) }), 'fields.place'],
    [testFact({ takenAt: -1 }), 'fields.takenAt'],
    [testFact({ takenAt: NOW * 1000 * 1000 }), 'fields.takenAt'],
    [null, '(root)'],
  ])('refuses %j at %s', (fact, path) => {
    expect(refusal(fact)).toMatchObject({ code: 'fact-malformed', path });
  });

  it('a string may be as long as the bound', () => {
    expect(refusal(exposure({ place: 'x'.repeat(LIMITS.factStringChars) }))).toBeUndefined();
  });
});

describe('a fact counts from its time until its type expires', () => {
  it('on the second', () => {
    const keep = 14 * 24 * HOUR;
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), fc.boolean(), (seconds, atTheEnd) => {
        const fact = exposure({}, atTheEnd ? NOW - keep + seconds : NOW + seconds);
        expect(countsAt(HEALTH, fact, NOW)).toBe(atTheEnd ? seconds > 0 : seconds <= 0);
      }),
      { seed: 3 },
    );
    expect(countsAt(HEALTH, exposure({}, NOW - keep + 1), instant(NOW + 1))).toBe(false);
  });
});

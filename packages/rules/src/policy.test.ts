import { type Instant, instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AcceptableStatus, compilePolicy, evaluatePolicy } from './policy.ts';
import { HEALTH, HOUR, NOW } from './testing/health-scheme.ts';
import { kleeneTree } from './testing/kleene-oracle.ts';

function scheme(id: string, ...levels: readonly string[]): Scheme {
  const titles = HEALTH.titles;
  return { ...HEALTH, id, levels: levels.map((level) => ({ id: level, effect: 'favourable', titles })) };
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  health: HEALTH,
  test: { ...scheme('test', 'negative', 'positive'), ageFrom: Object.keys(HEALTH.factTypes)[0] ?? '' },
  vaccination: scheme('vaccination', 'complete', 'partial'),
  'road-condition': scheme('road-condition', 'open', 'closed'),
};

function policy(accept: string, schemes: readonly string[] = Object.keys(SCHEMES)): Policy {
  return {
    region: 'CN-HA',
    purpose: 'entry',
    schemes: [...schemes],
    accept,
    onContested: 'referred',
    onBearer: 'referred',
    requireNonce: false,
  };
}

function shown(
  id: string,
  countsAs: string | undefined,
  changes: Partial<AcceptableStatus> = {},
): AcceptableStatus {
  return {
    scheme: id,
    countsAs,
    region: 'CN-SH',
    rule: 'exposure-14d@3',
    authority: 'cdc',
    assurance: 'high',
    issuedAt: instant(NOW - HOUR),
    contested: false,
    bearer: false,
    ...changes,
  };
}

const meets = (accept: string, statuses: readonly AcceptableStatus[], now: Instant = NOW) =>
  evaluatePolicy(compilePolicy(policy(accept), SCHEMES), statuses, now);

function refusal(one: Policy, schemes: Readonly<Record<string, Scheme>> = SCHEMES): unknown {
  try {
    compilePolicy(one, schemes);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('REQ-ACC-003 a policy is met by the statuses shown', () => {
  const accept = 'health.level == "green" && (test.age < duration("48h") || vaccination.level == "complete")';
  const green = shown('health', 'green');
  const aged = (hours: number) =>
    shown('test', 'negative', { sampledAt: instant(NOW - hours * HOUR), issuedAt: NOW });

  it.each([
    ['a fresh test', [green, aged(47)], true],
    ['a test on the bound', [green, aged(48)], false],
    ['an old test', [green, aged(49)], false],
    ['a vaccination in its place', [green, shown('vaccination', 'complete')], true],
    ['both', [green, aged(49), shown('vaccination', 'complete')], true],
    ['a partial vaccination', [green, shown('vaccination', 'partial')], false],
    ['neither', [green], false],
    ['no health status', [aged(1), shown('vaccination', 'complete')], false],
    ['another health status', [shown('health', 'red'), aged(1)], false],
    ['nothing', [], false],
  ] as const)('%s', (_, statuses, expected) => {
    expect(meets(accept, statuses)).toBe(expected);
  });

  it.each([
    ['roadCondition.level == "open"', shown('road-condition', 'open')],
    ['health.present', green],
    ['health.level in ["green", "yellow"]', green],
    ['health.rule == "exposure-14d@3" && health.rule.startsWith("exposure-")', green],
    ['health.authority == "cdc" && health.assurance == "high"', green],
    ['health.region.startsWith("CN-")', green],
    ['health.contested', shown('health', 'green', { contested: true })],
    ['!health.contested && !health.bearer', green],
    ['health.bearer', shown('health', 'green', { bearer: true })],
    ['health.age == duration("1h")', green],
    ['now - health.age == timestamp("2027-01-15T07:00:00Z")', green],
  ])('reads %s', (accept, status) => {
    expect(meets(accept, [status])).toBe(true);
    expect(meets(`!(${accept})`, [status])).toBe(false);
  });
});

describe('REQ-ACC-003 what was not shown never helps', () => {
  it.each([
    'health.level != "red"',
    'health.level == "green"',
    '!(health.level == "red")',
    '!(health.level in ["red"])',
    'health.age > duration("1h")',
    'health.age < duration("1h")',
    '!(health.age < duration("1h"))',
    '!health.contested',
    '!health.bearer',
    'health.region != "CN-HA"',
    '!health.rule.startsWith("x")',
    'health.level == "red" ? false : true',
    'health.level == health.level',
    'now - health.age < now || health.age == health.age',
    'health.present',
  ])('%s is not met by nothing', (accept) => {
    expect(meets(accept, [])).toBe(false);
    expect(meets(accept, [shown('test', 'negative')])).toBe(false);
  });

  it('REQ-TIM-006 a status without sample time has no age where samples have one', () => {
    const unsampled = { ...shown('test', 'negative') };
    expect(meets('test.level == "negative"', [unsampled])).toBe(true);
    for (const accept of [
      'test.age < duration("3h")',
      '!(test.age >= duration("3h"))',
      'test.age >= duration("0s")',
    ]) {
      expect(meets(accept, [unsampled])).toBe(false);
    }
  });

  it('may be allowed in so many words', () => {
    const accept = '!roadCondition.present || roadCondition.level == "open"';
    expect(meets(accept, [])).toBe(true);
    expect(meets(accept, [shown('road-condition', 'open')])).toBe(true);
    expect(meets(accept, [shown('road-condition', 'closed')])).toBe(false);
  });

  it('REQ-REC-003 a status that was not recognised counts as not shown', () => {
    expect(meets('health.level == "green"', [shown('health', undefined)])).toBe(false);
    expect(meets('health.present', [shown('health', undefined)])).toBe(false);
    expect(meets('health.level == "green"', [shown('health', undefined), shown('health', 'green')])).toBe(
      true,
    );
  });

  it('two statuses of one scheme count as none: nobody chooses between them', () => {
    const both = [shown('health', 'green'), shown('health', 'red')];
    for (const statuses of [both, both.toReversed()]) {
      expect(meets('health.level == "green"', statuses)).toBe(false);
      expect(meets('health.present', statuses)).toBe(false);
    }
  });

  it('property: agrees with a hand-written evaluator of Kleene logic', () => {
    const some = fc.option(fc.constantFrom('a', 'b'), { nil: undefined });
    const schemes = { one: scheme('one', 'a', 'b'), two: scheme('two', 'a', 'b') };
    let met = 0;
    fc.assert(
      fc.property(kleeneTree, some, some, (tree, one, two) => {
        const statuses = Object.entries({ one, two }).flatMap(([id, level]) =>
          level === undefined ? [] : [shown(id, level)],
        );
        const compiled = compilePolicy(policy(tree.text, ['one', 'two']), schemes);
        const expected = tree.truth({ one, two }) === true;
        if (expected) met++;
        expect(evaluatePolicy(compiled, statuses, NOW)).toBe(expected);
      }),
      { seed: 7, numRuns: 3000 },
    );
    expect(met).toBeGreaterThan(600);
    expect(met).toBeLessThan(2400);
  });
});

describe('REQ-ACC-004 a policy compiles or is refused', () => {
  it.each([
    ['health.level == "gren"', 'accept:16 value-not-listed'],
    ['test.level == "green"', 'accept:14 value-not-listed'],
    ['"gren" != health.level', 'accept:0 value-not-listed'],
    ['health.level in ["green", "gren"]', 'accept:26 value-not-listed'],
    ['health.name == "x"', 'accept:7 unknown-field'],
    ['health.constructor == "x"', 'accept:7 unknown-field'],
    ['travel.level == "open"', 'accept:0 unknown-name'],
    ['road-condition.level == "open"', 'accept:0 unknown-name, accept:5 unknown-name'],
    ['health.level', 'accept:7 not-bool'],
    ['health', 'accept:0 not-bool'],
    ['health == health', 'accept:0 type'],
    ['health.level < "green"', 'accept:0 type'],
    ['health.age < duration("14d")', 'accept:22 literal'],
    ['health.age < 48', 'accept:0 type'],
    ['dyn(health).name == "x"', 'accept:0 forbidden'],
    ['has(health.level)', 'accept:0 forbidden'],
    ['health.region.matches("^CN")', 'accept:0 forbidden'],
    ['health["level"] == "green"', 'accept:0 forbidden'],
    ['health.exists(h, true)', 'accept:0 type'],
    ['', 'accept:0 syntax'],
    ['health.level == "green', 'accept:16 syntax'],
    ['(((((((((((((((((((((((((true)))))))))))))))))))))))))', 'accept:24 limit'],
  ])('%s', (accept, path) => {
    expect(refusal(policy(accept))).toMatchObject({
      code: 'policy-malformed',
      path: expect.stringContaining(path),
    });
  });

  it('refuses schemes that are unknown, asked for twice, or have no name in CEL', () => {
    const path = (ids: readonly string[], schemes = SCHEMES) => refusal(policy('true', ids), schemes);
    expect(path(['health', 'travel'])).toMatchObject({ code: 'policy-malformed', path: 'schemes.1' });
    expect(path(['toString'])).toMatchObject({ code: 'policy-malformed', path: 'schemes.0' });
    expect(path(['health', 'health'])).toMatchObject({ path: 'schemes.1' });
    const twins = { 'a-b': HEALTH, 'a--b': HEALTH, type: HEALTH, now: HEALTH };
    expect(path(['a-b', 'a--b'], twins)).toMatchObject({ path: 'schemes.1' });
    expect(path(['type', 'now'], twins)).toMatchObject({ path: 'schemes.0, schemes.1' });
  });

  it('REQ-RUL-009 says so when an evaluation overflows', () => {
    const overflow = '9007199254740991 * 9007199254740991 > 0';
    expect(() => meets(`health.present && ${overflow}`, [shown('health', 'green')])).toThrowError(
      expect.objectContaining({ code: 'expression-failed', path: 'accept' }),
    );
  });
});

describe('what a policy reads', () => {
  const read = (accept: string) =>
    compilePolicy(policy(accept), SCHEMES)
      .accept.fieldsRead()
      .map(({ variable, field }) => `${variable}.${field}`);

  it('is told in the order of its text, each once', () => {
    const accept = '!roadCondition.present || health.level == "green" && health.age < duration("24h")';
    expect(read(`(${accept}) && health.level != "red"`)).toEqual([
      'roadCondition.present',
      'health.level',
      'health.age',
    ]);
  });

  it('is what it means, however it is written', () => {
    expect(read('( health ) . level == "green"')).toEqual(['health.level']);
    expect(read('health.authority == "test.level" && health.rule in ["vaccination.level"]')).toEqual([
      'health.authority',
      'health.rule',
    ]);
    expect(read('true')).toEqual([]);
  });
});

import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { describe, expect, it } from 'vitest';
import { compileRuleSet } from './rule-set.ts';
import { HEALTH, HOUR, NOW, rule, ruleSet } from './testing/health-scheme.ts';

function refusal(changes: Partial<Rule>, scheme: Scheme = HEALTH): unknown {
  try {
    compileRuleSet(ruleSet(changes), scheme);
    return undefined;
  } catch (error) {
    return error;
  }
}

const refusedWith = (when: string) => refusal({ when });

describe('expressions that compile', () => {
  it.each([
    'true',
    'exposure.exists(e, e.risk == "high" && now - e.at < duration("336h"))',
    'test.all(t, t.result != "positive" || t.takenAt + duration("1h30m") <= now)',
    'test.filter(t, t.cycles in [30, 31]).exists_one(t, !(t.cycles % 2 == 0))',
    'size(exposure) + test.size() * 2 - -1 >= 3 / 2',
    'exposure.exists(e, test.all(t, t.at < e.at || t.result in ["negative"]))',
    'exposure.exists(e, e.place.startsWith("market") ? e.indoors : e.minutes > 15)',
    'now > timestamp("2026-11-21T21:07:00Z") // since the change of law',
    'exposure.exists(e, (e.indoors ? "high" : "low") == e.risk)',
  ])('%s', (when) => {
    expect(refusedWith(when)).toBeUndefined();
  });
});

describe('REQ-RUL-008 what the scheme does not declare does not compile', () => {
  it.each([
    ['deposit.exists(d, d.amount > 0)', 'rules.0.when:0 unknown-name'],
    ['exposure.exists(e, e.bank == "x")', 'rules.0.when:21 unknown-field'],
    ['exposure.exists(e, e.constructor == "x")', 'unknown-field'],
    ['exposure.exists(e, e.toString == "x")', 'unknown-field'],
    ['exposure.exists(e, e.result == "negative")', 'unknown-field'],
    ['exposure.at < now', 'type'],
    ['exposure', 'not-bool'],
    ['size(exposure)', 'not-bool'],
    ['"true"', 'not-bool'],
    ['exposure.filter(e, e.indoors)', 'not-bool'],
    ['exposure.exists(e, e.minutes)', 'type'],
    ['exposure.exists(e, e.minutes == "15")', 'type'],
    ['exposure.exists(e, e.at == 15)', 'type'],
    ['exposure.exists(e, e == e)', 'type'],
    ['exposure == test', 'type'],
    ['exposure.exists(e, e.risk < "high")', 'type'],
    ['exposure.exists(e, e.place + "x" == "yx")', 'type'],
    ['(exposure + exposure).exists(e, e.indoors)', 'type'],
    ['(true ? exposure : exposure).exists(e, e.indoors)', 'type'],
    ['exposure.exists(e, e.place.exists(p, true))', 'type'],
    ['true ? 1 : "a"', 'type'],
    ['now + now == now', 'type'],
    ['-true', 'type'],
    ['!1', 'type'],
    ['exposure.exists(e, e.risk == "hihg")', 'rules.0.when:29 value-not-listed'],
    ['test.exists(t, t.result in ["negative", "none"])', 'value-not-listed'],
    ['exposure.exists(e, e.minutes in ["a"])', 'type'],
    ['exposure.exists(e, e.at in [now])', 'forbidden'],
    ['now - now < duration("14d")', 'rules.0.when:21 literal'],
    ['now - now < duration("")', 'literal'],
    ['now - now < duration("-1h")', 'literal'],
    ['now - now < duration("1.5h")', 'literal'],
    ['now < timestamp("2026-02-30T00:00:00Z")', 'literal'],
    ['now < timestamp("2026-11-21T21:07:00+08:00")', 'literal'],
    ['1 / 0 == 1', 'literal'],
    ['1 % 0 == 1', 'literal'],
    ['9007199254740992 > 0', 'literal'],
    ['1 in []', 'literal'],
    ['exposure.exists(e, ', 'syntax'],
    ['', 'syntax'],
    ['true true', 'syntax'],
    ['exposure.exists(e.risk, true)', 'syntax'],
  ])('%s', (when, path) => {
    const error = refusedWith(when);
    expect(error).toMatchObject({ path: expect.stringContaining(path) });
    expect(error).toMatchObject({
      code: path.includes('forbidden') ? 'expression-forbidden' : 'expression-malformed',
    });
  });
});

describe('REQ-RUL-007 what would slip past a static check is forbidden', () => {
  it.each([
    ['dyn(exposure).exists(e, e.bank == "x")', 'rules.0.when:0 forbidden'],
    ['exposure.exists(e, dyn(e).bank == "x")', 'forbidden'],
    ['exposure.exists(e, [e, dyn(e)][1].bank == 1)', 'forbidden'],
    ['exposure.exists(e, has(e.bank))', 'forbidden'],
    ['exposure.exists(e, has(e.risk))', 'forbidden'],
    ['exposure.exists(e, e.place.matches("^(a+)+$"))', 'forbidden'],
    ['"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")', 'forbidden'],
    ['exposure.exists(e, e["ba" + "nk"] == "x")', 'forbidden'],
    ['exposure.exists(e, e["risk"] == "high")', 'forbidden'],
    ['exposure[0].indoors', 'forbidden'],
    ['[1, 2].exists(n, n == 1)', 'forbidden'],
    ['[1] == [1]', 'forbidden'],
    ['{"a": true}["a"]', 'forbidden'],
    ['{"a": 1}.exists(k, k == "a")', 'forbidden'],
    ['exposure.map(e, e.minutes) == [1]', 'forbidden'],
    ['cel.bind(x, exposure, x.size() > 1)', 'forbidden'],
    ['type(1) == type(2)', 'forbidden'],
    ['string(1) == "1"', 'forbidden'],
    ['int("1") == 1', 'forbidden'],
    ['now.getHours() == 3', 'forbidden'],
    ['exposure.exists(e, e.place.split(",").size() > 1)', 'forbidden'],
    ['exposure.exists(e, e.place.lowerAscii() == "a")', 'forbidden'],
    ['exposure.exists(e, "a" in e.place)', 'forbidden'],
    ['1.5 > 1.0', 'forbidden'],
    ['1u == 1u', 'forbidden'],
    ['null == null', 'forbidden'],
    ['b"a" == b"a"', 'forbidden'],
    ['now - now < duration("1" + "h")', 'forbidden'],
    ['exposure.exists(e, now < timestamp(e.place))', 'forbidden'],
    ['exposure.exists(e, now < timestamp(e.minutes))', 'forbidden'],
    ['exposure.exists(e, 10 / e.minutes > 1)', 'forbidden'],
    ['exposure.exists(exposure, true)', 'shadowing'],
    ['exposure.exists(e, test.exists(e, true))', 'shadowing'],
    ['exposure.exists(now, true)', 'forbidden'],
    ['exposure.exists(constructor, true)', 'forbidden'],
    ['exposure.exists(1, true)', 'syntax'],
    ['nothing()', 'forbidden'],
    ['exposure.nothing()', 'forbidden'],
  ])('%s', (when, path) => {
    const code = path === 'syntax' ? 'expression-malformed' : 'expression-forbidden';
    expect(refusedWith(when)).toMatchObject({ code, path: expect.stringContaining(path) });
  });

  const nested = (depth: number) => {
    const type = (level: number) => (level % 2 === 0 ? 'exposure' : 'test');
    let text = 'true';
    for (let level = depth - 1; level >= 0; level--) text = `${type(level)}.exists(v${level}, ${text})`;
    return text;
  };

  it('nests comprehensions two deep and no deeper, in whatever part', () => {
    expect(refusedWith(nested(2))).toBeUndefined();
    for (const when of [
      nested(3),
      nested(9),
      'exposure.exists(a, test.filter(b, test.all(c, true)).size() > 0)',
    ])
      expect(refusedWith(when)).toMatchObject({
        code: 'expression-forbidden',
        path: expect.stringContaining('limit'),
        bound: LIMITS.celComprehensionDepth,
      });
    // One after another is not one inside another.
    expect(
      refusedWith('test.filter(a, true).filter(b, true).filter(c, true).exists(d, true)'),
    ).toBeUndefined();
  });

  it.each([
    ['celExpressionChars', (n: number) => `true${' '.repeat(n - 4)}`],
    ['celNodes', (n: number) => `${'true||'.repeat((n - 1) / 2)}${n % 2 ? 'true' : '!true'}`],
    ['celDepth', (n: number) => `${'('.repeat(n - 1)}true${')'.repeat(n - 1)}`],
    ['celListElements', (n: number) => `1 in [${Array(n).fill(1)}]`],
  ] as const)('%s: takes the bound and not one more', (limit, make) => {
    const bound = LIMITS[limit];
    expect(refusedWith(make(bound))).toBeUndefined();
    expect(refusedWith(make(bound + 1))).toMatchObject({
      code: 'expression-forbidden',
      path: expect.stringContaining('limit'),
      bound,
    });
  });

  it.each([
    ['celMapEntries', (n: number) => `{${Array.from({ length: n }, (_, i) => `${i}: 1`)}} == {}`],
    ['celCallArguments', (n: number) => `size(${Array(n).fill('1')}) == 1`],
  ] as const)('%s: nothing that uses it is allowed, and the parser stops at the bound', (limit, make) => {
    const bound = LIMITS[limit];
    expect(refusedWith(make(bound))).toMatchObject({ code: 'expression-forbidden', bound: undefined });
    expect(refusedWith(make(bound + 1))).toMatchObject({ code: 'expression-forbidden', bound });
  });

  it('bounds the cost of a rule, and of a set', () => {
    const expensive = (conditions: number) =>
      `exposure.exists(e, test.exists(t, ${Array(conditions).fill('t.at < e.at').join(' || ')}))`;
    const perCondition = 6 * LIMITS.subjectFacts ** 2;
    const most = Math.floor(LIMITS.celCost / perCondition);
    expect(refusedWith(expensive(most))).toBeUndefined();
    expect(refusedWith(expensive(most + 1))).toMatchObject({
      code: 'expression-forbidden',
      bound: LIMITS.celCost,
    });
    const sets = Math.floor(LIMITS.ruleSetCost / LIMITS.celCost) + 1;
    expect(() =>
      compileRuleSet(ruleSet(...Array(sets).fill({ when: expensive(most) })), HEALTH),
    ).toThrowError(expect.objectContaining({ code: 'expression-forbidden', bound: LIMITS.ruleSetCost }));
  });

  it('survives a text made to exhaust the parser', () => {
    for (const when of ['!', '-', '(', '[', 'a.', 'a[', '{', 'true?'].map((part) =>
      part.repeat(2000 / part.length),
    ))
      expect(refusedWith(when)).toMatchObject({ code: expect.stringMatching(/^expression-/) });
  });
});

describe('REQ-RUL-006 a rule set is whole', () => {
  it.each([
    [{ level: 'purple' }, 'rules.0.level (rule-0@1)'],
    [{ evidence: 'rumour' }, 'rules.0.evidence (rule-0@1)'],
    [{ sunset: rule().from }, 'rules.0.sunset (rule-0@1)'],
    [{ from: rule({ from: NOW }).sunset }, 'rules.0.sunset (rule-0@1)'],
  ] as const)('refuses %j', (changes, path) => {
    expect(refusal(changes)).toMatchObject({ code: 'rule-set-malformed', path });
  });

  it('refuses a rule that does not begin on the hour', () => {
    const from = instant(rule().from + 60);
    expect(refusal({ from })).toMatchObject({
      code: 'rule-set-malformed',
      path: 'rules.0.from (rule-0@1)',
    });
  });

  it.each(['sunset', 'level', 'evidence', 'legalBasis', 'contestHours', 'words', 'when'])(
    'refuses a published set in which a rule has no %s',
    (member) => {
      const wire = { ...rule(), from: '2026-11-21T21:00:00Z', sunset: '2026-12-21T21:00:00Z' };
      const read = (one: object) =>
        check(RuleSet, { region: 'CN-HA', scheme: 'health', rules: [one] }, 'rule-set-malformed');
      expect(() => compileRuleSet(read(wire), HEALTH)).not.toThrow();
      expect(() => read({ ...wire, [member]: undefined })).toThrowError(
        expect.objectContaining({ code: 'rule-set-malformed', path: `rules.0.${member}` }),
      );
    },
  );

  it('refuses another scheme, no rules, too many rules, and the same version twice', () => {
    const refuse = (set: RuleSet, path: string) =>
      expect(() => compileRuleSet(set, HEALTH)).toThrowError(
        expect.objectContaining({ code: 'rule-set-malformed', path }),
      );
    refuse({ ...ruleSet({}), scheme: 'travel' }, 'scheme');
    refuse(ruleSet(), 'rules');
    refuse(ruleSet({ id: 'same' }, { id: 'same' }), 'rules.1.id');
    refuse(ruleSet(...Array(LIMITS.rulesPerSet + 1).fill({})), 'rules');
    expect(() => compileRuleSet(ruleSet({ id: 'same' }, { id: 'same', version: 2 }), HEALTH)).not.toThrow();
  });

  it('tells every bad rule at once, by index and name', () => {
    const set = ruleSet(
      { when: 'dyn(1) == 1' },
      {},
      { level: 'purple', when: 'nope && exposure.exists(e, e.bank)' },
    );
    expect(() => compileRuleSet(set, HEALTH)).toThrowError(
      expect.objectContaining({
        code: 'rule-set-malformed',
        path: [
          'rules.0.when:0 forbidden (rule-0@1)',
          'rules.2.level (rule-2@1)',
          'rules.2.when:0 unknown-name (rule-2@1)',
          'rules.2.when:29 unknown-field (rule-2@1)',
        ].join(', '),
      }),
    );
  });

  it('quotes nothing of a refused expression', () => {
    const error = refusedWith('secret4711 && "secret4711" < 1 && exposure.exists(e, e.secret4711)');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('4711');
  });

  it.each(['now', 'string', 'type', 'in', 'constructor', 'toString', 'duration'])(
    'refuses a scheme with a fact type called %s',
    (name) => {
      const { test } = HEALTH.factTypes;
      const scheme = { ...HEALTH, factTypes: Object.fromEntries([[name, test ?? expect.unreachable()]]) };
      expect(refusal({ when: 'true' }, scheme)).toMatchObject({
        code: 'rule-set-malformed',
        path: `scheme.factTypes.${name}`,
      });
    },
  );

  it('refuses a scheme with a field that every object has, and a value list of a number', () => {
    const test = { titles: HEALTH.titles, keepHours: HOUR, fields: { constructor: 'string' as const } };
    expect(refusal({ when: 'true' }, { ...HEALTH, factTypes: { test } })).toMatchObject({
      path: 'scheme.factTypes.test.fields.constructor',
    });
    const listed = { ...test, fields: { cycles: 'int' as const }, values: { cycles: ['1'] } };
    expect(refusal({ when: 'true' }, { ...HEALTH, factTypes: { test: listed } })).toMatchObject({
      path: 'scheme.factTypes.test.values.cycles',
    });
  });
});

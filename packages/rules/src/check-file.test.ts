import { formatInstant, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { describe, expect, it } from 'vitest';
import { checkRuleSetFile } from './check-file.ts';
import { HEALTH, HOUR, NOW, rule } from './testing/health-scheme.ts';

const DAY = 24 * HOUR;
const wire = (changes: object = {}) => ({
  ...rule(),
  from: formatInstant(instant(NOW - 100 * DAY)),
  sunset: formatInstant(instant(NOW + 100 * DAY)),
  ...changes,
});
/** A file whose last rule always holds. */
const file = (...rules: unknown[]) => ({
  region: 'CN-HA',
  scheme: 'health',
  rules: [...rules, wire({ id: 'clear', level: 'green', when: 'true' })],
});
const checked = (json: object, scheme: Scheme = HEALTH) =>
  checkRuleSetFile(JSON.parse(JSON.stringify(json)), scheme, NOW);
const told = (json: object, scheme?: Scheme) => checked(json, scheme).faults.map(({ path }) => path);

describe('REQ-RUL-006 everything that is wrong with a file is told at once', () => {
  it('a sound one compiles, without a word', () => {
    const { faults, warnings, compiled } = checked(file(wire()));
    expect([faults, warnings]).toEqual([[], []]);
    expect(compiled?.rules.map(({ ref }) => ref)).toEqual(['exposure-14d@1', 'clear@1']);
  });

  it.each([
    ['id', 'id'],
    ['level', 'level'],
    ['when', 'when'],
    ['authorities', 'authorities'],
    ['evidence', 'evidence'],
    ['legalBasis', 'legalBasis'],
    ['words', 'words'],
    ['from', 'from'],
    ['sunset', 'sunset'],
    ['contestHours', 'contestHours'],
  ])('a rule without %s', (member, path) => {
    const { faults, compiled } = checked(file(wire(), wire({ id: 'second', [member]: undefined })));
    expect(faults).toEqual([
      expect.objectContaining({ code: 'rule-set-malformed', path: `rules.1.${path}`, reason: 'missing' }),
    ]);
    expect(compiled).toBeUndefined();
  });

  it.each([
    ['words', 'zh'],
    ['words', 'en'],
    ['legalBasis', 'zh'],
    ['legalBasis', 'en'],
  ])('%s without %s, or with spaces only', (member, language) => {
    const words = { en: 'words', zh: '文字' };
    expect(told(file(wire({ [member]: { ...words, [language]: undefined } })))).toEqual([
      `rules.0.${member}.${language}`,
    ]);
    expect(told(file(wire({ [member]: { ...words, [language]: ' ' } })))).toEqual([
      `rules.0.${member}.${language} (exposure-14d@1)`,
    ]);
  });

  it('faults of form and of expressions stand together, rule by rule, with their places', () => {
    const { faults } = checked({
      ...file(
        wire({ sunset: undefined, when: 'exposure.exists(e, e.bank == "x") && nope' }),
        wire({ level: 'purple', evidence: 7 }),
        'no rule',
        wire({ id: 'third', from: formatInstant(instant(NOW + 1)) }),
        wire({ id: 'third' }),
      ),
      region: 'no region',
      scheme: 'travel',
    });
    expect(faults.map(({ path, reason }) => [path, reason])).toEqual([
      ['region', 'form'],
      ['scheme', 'other-scheme'],
      ['rules.0.sunset', 'missing'],
      ['rules.0.when:21 unknown-field (exposure-14d@1)', 'unknown-field'],
      ['rules.0.when:37 unknown-name (exposure-14d@1)', 'unknown-name'],
      ['rules.1.evidence', 'form'],
      ['rules.1.id', 'duplicate'],
      ['rules.1.level (exposure-14d@1)', 'unknown-level'],
      ['rules.2', 'form'],
      ['rules.3.from (third@1)', 'not-on-the-hour'],
      ['rules.4.id', 'duplicate'],
    ]);
    expect(faults.find(({ offset }) => offset === 37)?.at).toEqual(['rules', 0, 'when']);
  });

  it('a file that is none, has no rules, or too many', () => {
    expect(told([])).toEqual(['(root)']);
    expect(told({ region: 'CN-HA', scheme: 'health' })).toEqual(['rules']);
    expect(told({ region: 'CN-HA', scheme: 'health', rules: [] })).toEqual(['rules']);
    const many = Array.from({ length: LIMITS.rulesPerSet }, (_, i) => wire({ id: `rule-${i}` }));
    expect(checked(file(...many)).faults).toEqual([
      expect.objectContaining({ path: 'rules', reason: 'too-many', bound: LIMITS.rulesPerSet }),
    ]);
  });

  it('all rules together cost no more than a bound', () => {
    const dear =
      'exposure.exists(a, exposure.exists(b, a.minutes < b.minutes && a.place == b.place && b.indoors))';
    const rules = Array.from({ length: 12 }, (_, i) => wire({ id: `rule-${i}`, when: dear }));
    expect(checked(file(...rules)).faults).toEqual([
      expect.objectContaining({ code: 'expression-forbidden', path: 'rules', reason: 'too-costly' }),
    ]);
  });

  it('quotes nothing of what it found', () => {
    const { faults } = checked(file(wire({ id: 'secret 4711', when: 'secret4711', level: 'secret4711' })));
    expect(faults.length).toBeGreaterThan(2);
    expect(JSON.stringify(faults)).not.toContain('4711');
  });
});

describe('REQ-RUL-006 a fact about places names its place', () => {
  const place = (fields: Scheme['factTypes'][string]['fields']): Scheme => ({
    ...HEALTH,
    factTypes: {
      ...HEALTH.factTypes,
      riskArea: { titles: HEALTH.titles, about: 'place', fields, keepHours: 24 },
    },
  });

  it.each([[{}], [{ place: 'int' as const }]])('in a field of type string, and not %o', (fields) => {
    expect(checked(file(wire()), place({ risk: 'string', ...fields })).faults).toEqual([
      expect.objectContaining({ path: 'scheme.factTypes.riskArea.fields.place', reason: 'no-place' }),
    ]);
  });

  it('and is a list like the others', () => {
    const when = 'exposure.exists(e, riskArea.exists(r, r.place == e.place))';
    expect(told(file(wire({ when })), place({ place: 'string' }))).toEqual([]);
  });
});

describe('what compiles and is likely not meant is warned of', () => {
  const warned = (...rules: object[]) =>
    checked({ ...file(), rules }).warnings.map(({ reason, path }) => [reason, path]);
  const always = (changes: object = {}) => wire({ id: 'always', when: '(true)', ...changes });

  it('a rule behind one that always holds, for all its life', () => {
    expect(warned(always(), wire())).toEqual([['unreachable', 'rules.1 (exposure-14d@1)']]);
    const ended = { sunset: formatInstant(instant(NOW + 99 * DAY)) };
    expect(warned(always(ended), wire(), always({ version: 2 }))).toEqual([]);
  });

  it('no rule in force that always holds', () => {
    const past = { from: formatInstant(instant(NOW - 100 * DAY)), sunset: formatInstant(instant(NOW)) };
    expect(warned(wire())).toEqual([['no-last-rule', 'rules']]);
    expect(warned(wire(), always(past))).toEqual([['no-last-rule', 'rules']]);
    expect(warned(wire({ when: 'true || false' }))).toEqual([['no-last-rule', 'rules']]);
  });

  it.each([
    [30 * DAY, 1],
    [30 * DAY + HOUR, 0],
    [0, 0],
  ])('a sunset in %i seconds', (seconds, count) => {
    const found = warned(wire({ sunset: formatInstant(instant(NOW + seconds)) }), always());
    const soon = [['sunset-soon', 'rules.0.sunset (exposure-14d@1)']];
    expect(found).toEqual(soon.slice(0, count));
  });
});

import { instant, parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import { Recognition, Region } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { decide } from '@symbolon/rules/decide';
import { compileRuleSet } from '@symbolon/rules/rule-set';
import { describe, expect, it } from 'vitest';
import { SAMPLE_FEDERATION, sampleDictionary } from './federation.ts';
import { sampleRecognition } from './recognition.ts';
import { SAMPLE_AUTHORITIES, SAMPLE_REGIONS, sampleRegion } from './regions.ts';
import { sampleRules } from './rules.ts';
import { HEALTH, SAMPLE_SCHEMES, TEST } from './schemes.ts';

const NOW = parseInstant('2026-09-07T08:00:00Z');
const hoursAgo = (hours: number) => instant(NOW - hours * 3600);

const health = check(Scheme, HEALTH, 'metadata-malformed');
const test = check(Scheme, TEST, 'metadata-malformed');

type Facts = readonly (readonly [type: string, fields: Record<string, string | boolean>, hours: number])[];

function levelOf(region: (typeof SAMPLE_REGIONS)[number], scheme: Scheme, facts: Facts) {
  const id = scheme.id === 'health' ? 'health' : 'test';
  const rules = compileRuleSet(check(RuleSet, sampleRules(region, id), 'rule-set-malformed'), scheme);
  const given = facts.map(([type, fields, hours]) => ({ type, fields, at: hoursAgo(hours) }));
  return decide(rules, given, NOW)?.rule.level;
}

describe('the sample federation', () => {
  it('has the form that the protocol asks for', () => {
    expect(check(Federation, SAMPLE_FEDERATION, 'metadata-malformed').smallestClass).toBe(20);
    const dictionary = check(Dictionary, sampleDictionary(), 'metadata-malformed');
    expect(new Set(dictionary.names).size).toBe(dictionary.names.length);
    for (const id of SAMPLE_REGIONS) {
      const file = sampleRegion(id, { endpoint: 'http://127.0.0.1:4100/x' });
      expect(check(Region, file, 'region-malformed').region).toBe(id);
      expect(check(Recognition, sampleRecognition(id), 'region-malformed').region).toBe(id);
    }
  });

  it('names in a recognition only levels and groups that are there', () => {
    for (const id of SAMPLE_REGIONS) {
      for (const [scheme, entries] of Object.entries(sampleRecognition(id).schemes)) {
        const levels = (scheme === 'health' ? HEALTH : TEST).levels.map((level) => level.id as string);
        for (const { from, levels: mapped } of entries) {
          expect(levels).toEqual(expect.arrayContaining([...Object.keys(mapped), ...Object.values(mapped)]));
          if ('group' in from) expect(Object.keys(SAMPLE_FEDERATION.groups)).toContain(from.group);
        }
      }
    }
  });

  it.each(SAMPLE_REGIONS)('lets every level of %s be reached', (region) => {
    expect(levelOf(region, health, [])).toBe('green');
    expect(levelOf(region, health, [['contact', { kind: 'secondary' }, 24]])).toBe('amber');
    expect(levelOf(region, health, [['contact', { kind: 'close' }, 24]])).toBe('red');
    expect(levelOf(region, health, [['pcr', { result: 'positive' }, 24]])).toBe('red');
    expect(levelOf(region, test, [['pcr', { result: 'positive' }, 24]])).toBe('positive');
    expect(levelOf(region, test, [['pcr', { result: 'negative' }, 24]])).toBe('negative');
    expect(levelOf(region, test, [])).toBeUndefined();
  });

  it('lets every rule of every region decide someone', () => {
    const facts: Facts[] = [
      [],
      [['pcr', { result: 'positive' }, 1]],
      [['pcr', { result: 'negative' }, 1]],
      [['contact', { kind: 'close' }, 1]],
      [['contact', { kind: 'secondary' }, 1]],
      [['stay', { risk: 'high' }, 1]],
      [['stay', { risk: 'medium' }, 1]],
      [['declaration', { fever: true, cough: false }, 1]],
    ];
    for (const region of SAMPLE_REGIONS) {
      for (const scheme of [health, test]) {
        const id = scheme.id === 'health' ? 'health' : 'test';
        const ruleSet = check(RuleSet, sampleRules(region, id), 'rule-set-malformed');
        const compiled = compileRuleSet(ruleSet, scheme);
        const deciding = facts
          .filter((each) => each.every(([type]) => Object.hasOwn(scheme.factTypes, type)))
          .map((each) => each.map(([type, fields]) => ({ type, fields, at: hoursAgo(1) })))
          .map((each) => decide(compiled, each, NOW)?.rule.id);
        expect(new Set(deciding.filter((each) => each !== undefined))).toEqual(
          new Set(ruleSet.rules.map((rule) => rule.id)),
        );
        for (const { authorities } of ruleSet.rules) {
          expect(Object.keys(SAMPLE_AUTHORITIES)).toEqual(expect.arrayContaining(authorities));
        }
      }
    }
    expect(Object.keys(SAMPLE_SCHEMES)).toEqual(['health', 'test']);
  });

  it('judges the same facts differently in different regions, and lets a later negative test end a positive one', () => {
    const stay: Facts = [['stay', { risk: 'high' }, 24]];
    expect(SAMPLE_REGIONS.map((region) => levelOf(region, health, stay))).toEqual(['red', 'amber', 'red']);
    const recovered: Facts = [
      ['pcr', { result: 'positive' }, 72],
      ['pcr', { result: 'negative' }, 24],
    ];
    expect(levelOf('CN-BJ', health, recovered)).toBe('green');
    expect(levelOf('CN-BJ', test, recovered)).toBe('negative');
  });
});

import { formatInstant, instant, parseInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import { PlaceList, Recognition, Region } from '@symbolon/protocol/schemas/region';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { checkRuleSetFile } from '@symbolon/rules/check-file';
import { decide } from '@symbolon/rules/decide';
import { checkFact, type Fact } from '@symbolon/rules/fact';
import { placeFact, placeFactsFor } from '@symbolon/rules/place-facts';
import { describe, expect, it } from 'vitest';
import { SAMPLE_FEDERATION, sampleDictionary, sampleFederation } from './federation.ts';
import { FIRST_NAMES } from './first-names.ts';
import { samplePlaces } from './places.ts';
import { sampleRecognition } from './recognition.ts';
import {
  type AnySampleRegion,
  SAMPLE_AUTHORITIES,
  SAMPLE_DISTRICTS,
  SAMPLE_REGIONS,
  SAMPLE_SOURCES,
  sampleRegion,
} from './regions.ts';
import { sampleRules, sampleSchemesOf } from './rules.ts';
import { SAMPLE_SCHEMES, type SampleScheme } from './schemes.ts';

const NOW = parseInstant('2026-09-07T08:00:00Z');
const ALL: readonly AnySampleRegion[] = [...SAMPLE_REGIONS, ...SAMPLE_DISTRICTS];
const MARKET = 'CN-HA.zhengzhou.test-market';
const HARBOUR = 'CN-GD.foshan.test-harbour';
const schemeOf = (id: string) => check(Scheme, own(SAMPLE_SCHEMES, id), 'metadata-malformed');
const places = check(PlaceList, samplePlaces('CN-BJ', 'health', formatInstant(NOW)), 'region-malformed');

/** A fact, so many hours ago. */
const ago = (hours: number, type: string, fields: Fact['fields'] = {}): Fact => ({
  type,
  fields,
  at: instant(NOW - hours * 3600),
});
const checkIns = (count: number) =>
  Array.from({ length: count }, (_, day) => ago(24 * day + 1, 'declaration', { fever: false, cough: false }));

function compiled(region: AnySampleRegion, scheme: SampleScheme) {
  const {
    faults,
    warnings,
    compiled: rules,
  } = checkRuleSetFile(sampleRules(region, scheme), schemeOf(scheme), NOW);
  expect(faults).toEqual([]);
  expect(warnings.filter(({ reason }) => reason !== 'no-last-rule')).toEqual([]);
  return rules ?? expect.unreachable();
}

function decided(region: AnySampleRegion, scheme: SampleScheme, facts: readonly Fact[]) {
  const found = schemeOf(scheme);
  return decide(
    compiled(region, scheme),
    [...facts, ...placeFactsFor(found, facts, { ...places, scheme })],
    NOW,
  );
}
const levelOf = (region: AnySampleRegion, scheme: SampleScheme, ...facts: Fact[]) =>
  decided(region, scheme, facts)?.rule.level;

describe('the sample federation', () => {
  it('has the form that the protocol asks for', () => {
    expect(check(Federation, SAMPLE_FEDERATION, 'metadata-malformed').smallestClass).toBe(20);
    const policy = {
      burst: { perHour: 5, perDay: 6, perWeek: 7 },
      intake: { adversePerHour: 3 },
      ruleLeadHours: 1,
    };
    expect(check(Federation, sampleFederation(policy), 'metadata-malformed')).toMatchObject(policy);
    for (const id of ALL) {
      const file = sampleRegion(id, { endpoint: 'http://127.0.0.1:4100/x' });
      expect(check(Region, file, 'region-malformed').region).toBe(id);
      expect(check(Recognition, sampleRecognition(id), 'region-malformed').region).toBe(id);
    }
    expect(new Set(ALL.map((id) => sampleRegion(id, { endpoint: 'http://127.0.0.1/' }).did)).size).toBe(4);
  });

  it('a dictionary only grows: those that are out there go on to be read', () => {
    const { names, version } = check(Dictionary, sampleDictionary(), 'metadata-malformed');
    expect(new Set(names).size).toBe(names.length);
    expect([names.slice(0, FIRST_NAMES.length), version]).toEqual([FIRST_NAMES, 2]);
    expect(names).toContain('high-risk-stay-14d@1');
  });

  it('names in a recognition only schemes, levels, groups and regions that are there', () => {
    for (const id of ALL) {
      for (const [scheme, entries] of Object.entries(sampleRecognition(id).schemes)) {
        const levels = schemeOf(scheme).levels.map((level) => level.id);
        for (const { from, levels: mapped } of entries) {
          expect(levels).toEqual(expect.arrayContaining([...Object.keys(mapped), ...Object.values(mapped)]));
          if ('group' in from) expect(Object.keys(SAMPLE_FEDERATION.groups)).toContain(from.group);
          if ('region' in from) expect(sampleSchemesOf(from.region as AnySampleRegion)).toContain(scheme);
        }
      }
    }
  });

  it('each fact type has one source, or is about places', () => {
    const reported = Object.values(SAMPLE_SOURCES).flatMap(({ facts }) =>
      Object.entries(facts).flatMap(([scheme, types]) => types.map((type) => `${scheme}.${type}`)),
    );
    const declared = Object.keys(SAMPLE_SCHEMES).flatMap((id) =>
      Object.entries(schemeOf(id).factTypes).flatMap(([type, { about }]) =>
        about === 'place' ? [] : [`${id}.${type}`],
      ),
    );
    expect(reported.toSorted()).toEqual(declared.toSorted());
  });

  it('a source without keys is not listed, and a region without sources is as before', () => {
    const endpoint = 'http://127.0.0.1:4100/x';
    expect(sampleRegion('CN-BJ', { endpoint }).sources).toBeUndefined();
    expect(sampleRegion('CN-BJ', { endpoint, sources: { lab: [] } }).sources).toEqual({});
  });

  it('places are those of the scheme', () => {
    for (const scheme of ['health', 'travel'] as const) {
      const list = check(PlaceList, samplePlaces('CN-GD', scheme, formatInstant(NOW)), 'region-malformed');
      for (const entry of list.entries)
        expect(() => checkFact(schemeOf(scheme), placeFact(entry))).not.toThrow();
      expect(list.entries.map(({ fields }) => fields['risk'])).toEqual(['high', 'medium', 'low']);
    }
  });
});

/** Facts that make rules decide: for each scheme, in any region. */
const DECIDING: Readonly<Record<SampleScheme, readonly (readonly Fact[])[]>> = {
  health: [
    [],
    [ago(1, 'pcr', { result: 'positive' })],
    [ago(1, 'contact', { kind: 'close' })],
    [ago(24 * 6, 'contact', { kind: 'close' })],
    [ago(1, 'contact', { kind: 'secondary' })],
    [ago(1, 'stay', { place: MARKET })],
    [ago(1, 'stay', { place: HARBOUR })],
    [ago(1, 'declaration', { fever: true, cough: false })],
  ],
  test: [
    [ago(1, 'pcr', { result: 'positive' })],
    ...[1, 25, 49].map((hours) => [ago(hours, 'pcr', { result: 'negative' })]),
  ],
  vaccination: [[ago(24 * 15, 'dose', { course: 'one-dose' })], [ago(24, 'dose', { course: 'two-dose' })]],
  travel: [[], [ago(24, 'visit', { place: HARBOUR })]],
  'community-pass': [
    [ago(1, 'observation', { ended: false })],
    [ago(24, 'residence', { kind: 'owner' })],
    [ago(1, 'visit')],
  ],
  'road-condition': [
    [ago(0, 'reading', { surface: 'wet', waterMillimetres: 150 })],
    [ago(1, 'reading', { surface: 'ice', waterMillimetres: 0 })],
    [ago(2, 'reading', { surface: 'wet', waterMillimetres: 200 })],
  ],
};

describe('the rules of the sample', () => {
  const sets = ALL.flatMap((region) => sampleSchemesOf(region).map((scheme) => [region, scheme] as const));

  it('every scheme is issued by someone', () => {
    expect(new Set(sets.map(([, scheme]) => scheme))).toEqual(new Set(Object.keys(SAMPLE_SCHEMES)));
  });

  it.each(sets)('%s, %s: every rule decides someone, and every level is reached', (region, scheme) => {
    const { rules } = sampleRules(region, scheme);
    const found = DECIDING[scheme].map((facts) => decided(region, scheme, facts)?.rule);
    const ids = new Set(found.flatMap((rule) => (rule === undefined ? [] : [rule.id])));
    expect(ids).toEqual(new Set(rules.map(({ id }) => id)));
    const levels = new Set(found.map((rule) => rule?.level));
    expect(schemeOf(scheme).levels.every(({ id }) => levels.has(id))).toBe(true);
    for (const { authorities } of rules) {
      expect(Object.keys(SAMPLE_AUTHORITIES)).toEqual(expect.arrayContaining(authorities));
    }
  });

  it('fourteen days of red, which end with the check-in of the fourteenth, and not by waiting', () => {
    const after = (days: number, declared: number) =>
      levelOf('CN-BJ', 'health', ago(24 * days, 'stay', { place: MARKET }), ...checkIns(declared));
    expect([after(1, 0), after(13, 13), after(15, 13), after(15, 0)]).toEqual(['red', 'red', 'red', 'red']);
    // All check-ins that there could be do not make it shorter.
    expect(after(13, LIMITS.subjectFacts - 2)).toBe('red');
    expect(after(14, 14)).toBe('green');
    // Nobody reports the stay any more: it is deleted.
    expect(after(28, 0)).toBe('green');
  });

  it('seven days of amber, in the same way; a check-in with a fever does not count', () => {
    const after = (days: number, ...facts: Fact[]) =>
      levelOf('CN-HA', 'health', ago(24 * days, 'stay', { place: HARBOUR }), ...facts);
    expect([after(6, ...checkIns(6)), after(8, ...checkIns(6))]).toEqual(['amber', 'amber']);
    expect(after(8, ...checkIns(6), ago(170, 'declaration', { fever: true, cough: false }))).toBe('amber');
    expect(after(8, ...checkIns(7))).toBe('green');
  });

  it('a stay at a place that is not on the list says nothing, and one that leaves the list ends at once', () => {
    expect(levelOf('CN-BJ', 'health', ago(1, 'stay', { place: 'CN-GD.guangzhou' }))).toBe('green');
    expect(levelOf('CN-BJ', 'health', ago(1, 'stay', { place: 'CN-BJ.haidian.test-park' }))).toBe('green');
    const facts = [ago(1, 'stay', { place: MARKET })];
    expect(decide(compiled('CN-BJ', 'health'), facts, NOW)?.rule.level).toBe('green');
  });

  it('judges the same close contact differently from province to province, day by day', () => {
    const on = (day: number) =>
      SAMPLE_REGIONS.map((region) => levelOf(region, 'health', ago(24 * day, 'contact', { kind: 'close' })));
    expect([on(1), on(6), on(8), on(15)]).toEqual([
      ['red', 'red', 'red'],
      ['red', 'amber', 'red'],
      ['green', 'green', 'red'],
      ['green', 'green', 'green'],
    ]);
    const stay = ago(24, 'stay', { place: MARKET });
    expect(SAMPLE_REGIONS.map((region) => levelOf(region, 'health', stay))).toEqual(['red', 'amber', 'red']);
  });

  it('lets a later negative test end a positive one', () => {
    const recovered = [ago(72, 'pcr', { result: 'positive' }), ago(24, 'pcr', { result: 'negative' })];
    expect(levelOf('CN-BJ', 'health', ...recovered)).toBe('green');
    expect(levelOf('CN-BJ', 'test', ...recovered)).toBe('negative');
  });

  it('a negative test says in Beijing whether it is of 24, 48 or 72 hours', () => {
    const ruleAt = (hours: number) =>
      decided('CN-BJ', 'test', [ago(hours, 'pcr', { result: 'negative' })])?.ref;
    expect([0, 24, 48, 72].map(ruleAt)).toEqual([
      'test-negative-24h@1',
      'test-negative-48h@1',
      'test-negative-3d@1',
      undefined,
    ]);
  });

  it('a course is complete 14 days after its last dose', () => {
    const doses = (...days: number[]) => days.map((day) => ago(24 * day, 'dose', { course: 'two-dose' }));
    const level = (...days: number[]) => levelOf('CN-GD', 'vaccination', ...doses(...days));
    expect([level(), level(40), level(40, 13), level(40, 14)]).toEqual([
      undefined,
      'partial',
      'partial',
      'complete',
    ]);
  });

  it('a visit counts for 14 days; someone under observation stays at home until that has ended', () => {
    expect(levelOf('CN-HA', 'travel', ago(24 * 13, 'visit', { place: MARKET }))).toBe('not-clear');
    expect(levelOf('CN-HA', 'travel', ago(24 * 14, 'visit', { place: MARKET }))).toBe('clear');
    const home = [ago(48, 'residence', { kind: 'tenant' }), ago(24, 'observation', { ended: false })];
    expect(levelOf('CN-BJ.haidian', 'community-pass', ...home)).toBe('stay-home');
    const ended = ago(1, 'observation', { ended: true });
    expect(levelOf('CN-BJ.haidian', 'community-pass', ...home, ended)).toBe('resident');
  });

  it('a road whose sensors are silent has no status', () => {
    const dry = (hours: number) => ago(hours, 'reading', { surface: 'dry', waterMillimetres: 0 });
    expect([levelOf('CN-BJ', 'road-condition', dry(2)), levelOf('CN-BJ', 'road-condition', dry(3))]).toEqual([
      'green',
      undefined,
    ]);
  });
});

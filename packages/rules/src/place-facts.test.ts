import type { PlaceList } from '@symbolon/protocol/schemas/region';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { expect, it } from 'vitest';
import { decide } from './decide.ts';
import { placeFactsFor } from './place-facts.ts';
import { compileRuleSet } from './rule-set.ts';
import { exposure, HEALTH, NOW, ruleSet, testFact } from './testing/health-scheme.ts';

const SCHEME: Scheme = {
  ...HEALTH,
  factTypes: {
    ...HEALTH.factTypes,
    riskArea: {
      titles: HEALTH.titles,
      about: 'place',
      fields: { place: 'string', risk: 'string' },
      keepHours: 48,
    },
  },
};
const entry = (place: string, risk: string, type = 'riskArea') => ({
  type,
  place,
  at: NOW,
  fields: { risk },
});
const list = (...entries: PlaceList['entries']): PlaceList => ({
  region: 'CN-HA',
  scheme: 'health',
  entries,
});

it('REQ-ISS-007 what is known of the places of a subject joins its facts, and nothing of other places does', () => {
  const facts = [exposure({ place: 'market' }), exposure({ place: 'market' }), testFact()];
  const known = list(entry('market', 'high'), entry('harbour', 'high'), entry('market', 'low', 'exposure'));
  const joined = placeFactsFor(SCHEME, facts, known);
  expect(joined).toEqual([{ type: 'riskArea', at: NOW, fields: { risk: 'high', place: 'market' } }]);
  expect(placeFactsFor(SCHEME, [testFact()], known)).toEqual([]);
  expect(placeFactsFor(SCHEME, facts, undefined)).toEqual([]);

  const when = 'exposure.exists(e, riskArea.exists(r, r.place == e.place && r.risk == "high"))';
  const compiled = compileRuleSet(ruleSet({ when }), SCHEME);
  expect(decide(compiled, [...facts, ...joined], NOW)?.rule.level).toBe('red');
  expect(decide(compiled, facts, NOW)).toBeUndefined();
});

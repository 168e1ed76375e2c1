import type { StatusClaims } from '@symbolon/credential/model';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Recognition } from '@symbolon/protocol/schemas/region';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { RegionView } from '@symbolon/registry/registry-view';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import {
  BEIJING,
  HEALTH,
  HENAN,
  HOUR,
  NOW,
  recognising,
  rule,
  TEST,
  trustOf,
} from '../testing/plain-trust.ts';
import { CLAIMS, decodedOf, POLICY } from '../testing/presentations.ts';
import { recognise } from './recognition.ts';

interface Setting {
  readonly beijing?: Partial<RegionView>;
  readonly policy?: Partial<Policy>;
  readonly scheme?: typeof HEALTH;
  readonly rule?: Rule | undefined;
  readonly now?: typeof NOW;
}

const run = (
  changes: Partial<StatusClaims>,
  { beijing, policy, scheme = HEALTH, now = NOW, ...rest }: Setting,
) =>
  findingsOf('recognition', (findings) =>
    recognise(
      decodedOf({ ...CLAIMS, ...changes }),
      HENAN,
      scheme,
      'rule' in rest ? rest.rule : rule('clear'),
      trustOf(beijing === undefined ? {} : { beijing }),
      { ...POLICY, ...policy },
      now,
      findings,
    ),
  );

type Entry = Recognition['schemes'][string][number];
const SAME = { green: 'green', amber: 'amber', red: 'red' };
const under = (condition: NonNullable<Entry['condition']>) =>
  recognising({ from: { all: true }, levels: SAME, condition });
const counts = (level: string) => ({ result: level, found: [] });
const refused = (code: string, severity = 'not-accepted') => ({
  result: undefined,
  found: [`${code} ${severity}`],
});

describe('step recognition: whose credentials count', () => {
  it('its own, as they are, without any recognition', async () => {
    expect(await run({ level: 'red' }, { policy: { region: 'CN-HA' } })).toEqual(counts('red'));
  });

  it.each<[string, Entry['from']]>([
    ['a region', { region: 'CN-HA' }],
    ['a group', { group: 'north' }],
    ['all', { all: true }],
  ])('those of %s', async (_, from) => {
    expect(await run({}, { beijing: recognising({ from, levels: SAME }) })).toEqual(counts('green'));
  });

  it.each<[string, Entry[]]>([
    ['no entry', []],
    ['another region', [{ from: { region: 'CN-GD' }, levels: SAME }]],
    ['a group without it', [{ from: { group: 'south' }, levels: SAME }]],
    ['a group called as objects inherit', [{ from: { group: 'constructor' }, levels: SAME }]],
  ])('REQ-REC-003 not-recognised: %s', async (_, entries) => {
    expect(await run({}, { beijing: recognising(...entries) })).toEqual(refused('not-recognised'));
  });

  it.each<[string, Partial<StatusClaims>, Partial<Policy>]>([
    ['of the issuer itself', { via: 'CN-HA' }, {}],
    ['of the issuer itself, at home', { via: 'CN-HA' }, { region: 'CN-HA' }],
    ['of the region where it is shown', { via: 'CN-BJ' }, {}],
  ])('REQ-REC-007 recognition-loop: exchanged for a status %s', async (_, changes, policy) => {
    expect(await run(changes, { policy })).toEqual(refused('recognition-loop'));
  });

  it('REQ-REC-007 one that was exchanged for a third region’s is its issuer’s', async () => {
    expect(await run({ via: 'CN-SH' }, {})).toEqual(counts('green'));
  });

  it('REQ-REC-003 not-recognised: not for this scheme', async () => {
    for (const scheme of ['travel', 'constructor']) {
      expect(await run({ scheme }, {})).toEqual(refused('not-recognised'));
    }
  });

  it.each<[string, Partial<RegionView>, Partial<Policy>]>([
    ['its region publishes none', { recognition: undefined }, {}],
    ['its region is not in the registry', {}, { region: 'CN-XX' }],
    ['its region is called as objects inherit', {}, { region: 'constructor' }],
  ])('REQ-REC-006 recognition-missing: %s', async (_, beijing, policy) => {
    expect(await run({}, { beijing, policy })).toEqual(refused('recognition-missing', 'referred'));
  });

  it('REQ-REG-017 region-expired: an expired file may recognise whom the region recognises no longer', async () => {
    expect(await run({}, { beijing: { ...BEIJING, expires: NOW } })).toEqual({
      result: 'green',
      found: ['region-expired referred'],
    });
    expect(await run({}, { beijing: { ...BEIJING, expires: addSeconds(NOW, 1) } })).toEqual(counts('green'));
  });
});

describe('step recognition: what a level counts as', () => {
  it('what the entry says', async () => {
    const beijing = recognising({ from: { all: true }, levels: { amber: 'red' } });
    expect(await run({ level: 'amber' }, { beijing })).toEqual(counts('red'));
  });

  it.each(['blue', 'constructor', 'toString'])('REQ-REC-002 level-unknown: %s', async (level) => {
    expect(await run({ level }, {})).toEqual(refused('level-unknown'));
    expect(await run({ level }, { policy: { region: 'CN-HA' } })).toEqual(refused('level-unknown'));
  });

  it('REQ-REC-004 level-not-mapped', async () => {
    const beijing = recognising({ from: { all: true }, levels: { green: 'green' } });
    expect(await run({ level: 'red' }, { beijing })).toEqual(refused('level-not-mapped'));
    const inherited = { id: 'constructor', effect: 'adverse', titles: { en: 'words', zh: '文字' } } as const;
    const scheme = { ...HEALTH, levels: [...HEALTH.levels, inherited] };
    expect(await run({ level: 'constructor' }, { beijing, scheme })).toEqual(refused('level-not-mapped'));
  });

  it('REQ-REC-004 level-not-mapped: to a level that the scheme does not have', async () => {
    const beijing = recognising({ from: { all: true }, levels: { green: 'blue', red: 'toString' } });
    for (const level of ['green', 'red']) {
      expect(await run({ level }, { beijing })).toEqual(refused('level-not-mapped'));
    }
  });

  it('the first entry that covers the region and is met counts, also when it maps less than a later one', async () => {
    const first = { from: { region: 'CN-HA' }, levels: { green: 'amber' } };
    const second = { from: { all: true as const }, levels: SAME };
    expect(await run({}, { beijing: recognising(first, second) })).toEqual(counts('amber'));
    expect(await run({ level: 'red' }, { beijing: recognising(first, second) })).toEqual(
      refused('level-not-mapped'),
    );
    const unmet = { ...first, condition: { authorities: ['transport'] } };
    expect(await run({ level: 'red' }, { beijing: recognising(unmet, second) })).toEqual(counts('red'));
  });
});

describe('REQ-REC-005 recognition-condition', () => {
  it.each<[string, NonNullable<Entry['condition']>, NonNullable<Entry['condition']>]>([
    ['rules', { rules: ['clear@1'] }, { rules: ['clear@2'] }],
    ['authorities', { authorities: ['cdc'] }, { authorities: ['transport'] }],
    ['evidence', { evidence: ['none'] }, { evidence: ['laboratory'] }],
  ])('%s', async (_, met, unmet) => {
    expect(await run({}, { beijing: under(met) })).toEqual(counts('green'));
    expect(await run({}, { beijing: under(unmet) })).toEqual(refused('recognition-condition'));
    expect(await run({}, { beijing: under({ ...met, ...unmet }) })).toEqual(refused('recognition-condition'));
  });

  it('evidence of a rule that is not published is none, whatever the holder discloses', async () => {
    const beijing = under({ evidence: ['none'] });
    expect(await run({}, { beijing, rule: undefined })).toEqual(refused('recognition-condition'));
  });

  it('age: to the second', async () => {
    const beijing = under({ longestAgeHours: 72 });
    const taken = { sampledAt: addHours(HOUR, -10) };
    const oldEnough = addHours(HOUR, 62);
    expect(await run(taken, { beijing, now: oldEnough })).toEqual(counts('green'));
    expect(await run(taken, { beijing, now: addSeconds(oldEnough, 1) })).toEqual(
      refused('recognition-condition'),
    );
    expect(await run({}, { beijing, now: addHours(HOUR, 72) })).toEqual(counts('green'));
  });

  it('age: where samples have one, a status without a sample time is of no known age', async () => {
    const beijing = under({ longestAgeHours: 72 });
    const scheme = { ...TEST, levels: HEALTH.levels };
    expect(await run({}, { beijing, scheme })).toEqual(refused('recognition-condition'));
    expect(await run({ sampledAt: HOUR }, { beijing, scheme })).toEqual(counts('green'));
    expect(await run({}, { beijing: under({ authorities: ['cdc'] }), scheme })).toEqual(counts('green'));
  });
});

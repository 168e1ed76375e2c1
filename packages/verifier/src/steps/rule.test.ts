import type { StatusClaims } from '@symbolon/credential/model';
import { addSeconds } from '@symbolon/protocol/instant';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { RegionView } from '@symbolon/registry/registry-view';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import { HENAN, HOUR, rule } from '../testing/plain-trust.ts';
import { CLAIMS, decodedOf } from '../testing/presentations.ts';
import { checkRule } from './rule.ts';

const check = (changes: Partial<StatusClaims>, view: RegionView = HENAN) =>
  findingsOf('rule', (findings) => checkRule(decodedOf({ ...CLAIMS, ...changes }), view, findings));
const publishing = (...rules: readonly Rule[]): RegionView => ({
  ...HENAN,
  ruleSets: { health: { region: 'CN-HA', scheme: 'health', rules: [...rules] } },
});

describe('step rule', () => {
  it('gives the published rule', async () => {
    const { result, found } = await check({});
    expect(found).toEqual([]);
    expect(result).toEqual(rule('clear'));
  });

  it.each<[string, Partial<StatusClaims>]>([
    ['a name that is not published', { rule: 'deposits@1' }],
    ['another version', { rule: 'clear@2' }],
    ['a rule of another scheme', { rule: 'negative-3d@1' }],
    ['a scheme without rules', { scheme: 'travel' }],
    ['a name that objects inherit', { scheme: 'constructor' }],
    ['a rule called so', { rule: 'constructor@1' }],
  ])('REQ-RUL-001 rule-unknown: %s', async (_, changes) => {
    expect(await check(changes)).toEqual({ result: undefined, found: ['rule-unknown not-accepted'] });
  });

  it('REQ-RUL-002 rule-not-in-force: by the hour of issue, from its begin to before its sunset', async () => {
    const inForce = (from: number, sunset: number) =>
      check(
        {},
        publishing(rule('clear', { from: addSeconds(HOUR, from), sunset: addSeconds(HOUR, sunset) })),
      );
    expect((await inForce(0, 1)).found).toEqual([]);
    expect((await inForce(1, 3600)).found).toEqual(['rule-not-in-force not-accepted']);
    expect((await inForce(-3600, 0)).found).toEqual(['rule-not-in-force not-accepted']);
  });

  it('REQ-RUL-010 rule-without-lead: what was issued before the rule counts here, and of this rule only', async () => {
    const late = (name: string, countsFrom: number) => ({
      ...HENAN,
      lateRules: { [name]: addSeconds(HOUR, countsFrom) },
    });
    expect((await check({}, late('health/clear@1', 1))).found).toEqual(['rule-without-lead not-accepted']);
    expect((await check({}, late('health/clear@1', 0))).found).toEqual([]);
    for (const another of ['health/clear@2', 'health/stay@1', 'test/clear@1'])
      expect((await check({}, late(another, 1))).found).toEqual([]);
  });

  it('REQ-RUL-003 rule-level', async () => {
    expect((await check({ level: 'amber' })).found).toEqual(['rule-level not-accepted']);
    expect((await check({ level: 'amber', rule: 'stay@1' })).found).toEqual([]);
  });

  it.each([
    ['not of the region', 'police'],
    ['of the region, but not for this rule', 'transport'],
    ['a name that objects inherit', 'constructor'],
  ])('REQ-RUL-004 authority-unknown: %s', async (_, authority) => {
    expect((await check({ authority })).found).toEqual(['authority-unknown not-accepted']);
  });

  it('REQ-RUL-004 authority-unknown: for this rule, but not of the region any more', async () => {
    const view = publishing(rule('clear', { authorities: ['cdc', 'constructor', 'police'] }));
    for (const authority of ['police', 'constructor']) {
      expect((await check({ authority }, view)).found).toEqual(['authority-unknown not-accepted']);
    }
  });

  it('tells every fault at once', async () => {
    const view = publishing(rule('clear', { level: 'red', authorities: [], sunset: HOUR }));
    expect((await check({}, view)).found).toEqual([
      'rule-not-in-force not-accepted',
      'rule-level not-accepted',
      'authority-unknown not-accepted',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { Severity, STEPS, type Verdict } from '@symbolon/protocol/schemas/verdict';
import { VERDICT_CODES } from '@symbolon/verifier/texts';
import published from '@symbolon/verifier/verdict.schema.json' with { type: 'json' };
import { decodeVerdict, encodeVerdict } from '@symbolon/verifier/verdict-json';
import { verify } from '@symbolon/verifier/verify';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA_FILES } from '../../scripts/schemas.ts';
import { foundFederation, GATE, LIST, NOW, openedFrom } from '../support/verifier-federation.ts';
import { CARD, CLAIMS, mint, show, TESTED } from '../support/verifier-showings.ts';

describe('docs/spec/verdict.schema.json', () => {
  it.each([...SCHEMA_FILES])('%s is what `npm run schemas` writes', (url, text) => {
    expect(readFileSync(new URL(url), 'utf8')).toBe(text());
  });

  it('has every code, step and severity', () => {
    const { Code, Step, Severity: Grave } = published.$defs;
    expect([Code.enum, Step.enum, Grave.enum]).toEqual([VERDICT_CODES, STEPS, Severity.options]);
  });
});

/** A validator that knows nothing of the code that verdicts are written with. */
const isVerdict = new Ajv2020({ strict: true, formats: { 'date-time': true } }).compile(published);

/** What decodeVerdict makes of it, as a validator would say it. */
function isRead(json: unknown): boolean {
  try {
    decodeVerdict(json);
    return true;
  } catch (error) {
    if (isSymbolonError(error) && error.code === 'verdict-malformed') return false;
    throw error;
  }
}

describe('REQ-ACC-005 real verdicts, read by the published schema and by decodeVerdict', () => {
  const verdicts = new Map<string, Verdict>();
  beforeAll(async () => {
    const fixture = await foundFederation();
    const { trust } = await openedFrom(fixture);
    const look = (shown: string | readonly string[], policy = GATE) => verify(shown, trust, policy, NOW);
    const suspended = { ...CLAIMS, statusEntry: { idx: 2, uri: LIST } };
    const both = { ...GATE, schemes: ['health', 'test'] };
    verdicts.set('accepted', await look(await show(fixture, { disclose: ['reason'] })));
    verdicts.set('referred', await look(await mint(fixture, { claims: CARD })));
    verdicts.set('not-accepted', await look(await show(fixture, { claims: suspended })));
    verdicts.set('not-authentic', await look(await mint(fixture)));
    verdicts.set(
      'together',
      await look([await show(fixture), await show(fixture, { claims: TESTED })], both),
    );
    verdicts.set('about one of two', await look([await show(fixture), await mint(fixture)], both));
  });

  const names = ['accepted', 'referred', 'not-accepted', 'not-authentic', 'together', 'about one of two'];
  it.each(names)('%s', (name) => {
    const verdict = verdicts.get(name) ?? expect.unreachable();
    const outcome = verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
    if (['accepted', 'referred', 'not-accepted', 'not-authentic'].includes(name)) expect(outcome).toBe(name);
    const json: unknown = JSON.parse(JSON.stringify(encodeVerdict(verdict)));
    expect([isVerdict(json), isVerdict.errors]).toEqual([true, null]);
    expect(decodeVerdict(json)).toEqual(verdict);
  });

  const ONE = { step: 'time', code: 'expired', requirement: 'REQ-TIM-001', severity: 'not-accepted' };
  const finding = (changes: object) => (json: Record<string, unknown>) => ({
    ...json,
    findings: [{ ...ONE, ...changes }],
  });
  const also = (json: Record<string, unknown>, severity: string) => ({
    ...json,
    findings: [...[json['findings']].flat(), { ...ONE, severity }],
  });
  const basis = (changes: object) => (json: Record<string, unknown>) => ({
    ...json,
    basis: Object.assign({}, json['basis'], changes),
  });
  const status = (change: (all: readonly object[]) => object) => (json: Record<string, unknown>) => ({
    ...json,
    statuses: change([json['statuses']].flat().map((each) => Object(each))),
  });
  it('the finding that they are spoilt with is one', () => {
    const json = JSON.parse(
      JSON.stringify(encodeVerdict(verdicts.get('not-accepted') ?? expect.unreachable())),
    );
    for (const good of [finding({})(json), also(json, 'warn')])
      expect([isVerdict(good), isRead(good)]).toEqual([true, true]);
  });
  const bad: readonly (readonly [string, string, (json: Record<string, unknown>) => object])[] = [
    ['statuses where nothing is authentic', 'not-authentic', (json) => ({ ...json, statuses: [] })],
    ['a member of its own', 'accepted', (json) => ({ ...json, holder: 'someone' })],
    ['no statuses', 'accepted', ({ statuses: _, ...json }) => json],
    ['a time that is none', 'accepted', (json) => ({ ...json, at: 1788769230 })],
    ['another outcome', 'accepted', (json) => ({ ...json, outcome: 'waved-through' })],
    ['an unknown code', 'not-accepted', finding({ code: 'x' })],
    ['an unknown requirement', 'not-accepted', finding({ requirement: 'REQ-XXX-000' })],
    ['accepted with a finding that refuses', 'accepted', finding({})],
    ['accepted with one that refers', 'accepted', finding({ severity: 'referred' })],
    ['referred without one that refers', 'referred', finding({ severity: 'warn' })],
    ['referred with one that refuses', 'referred', (json) => also(json, 'not-accepted')],
    ['not accepted for no reason', 'not-accepted', (json) => ({ ...json, findings: [] })],
    ['not accepted for something that only refers', 'not-accepted', finding({ severity: 'referred' })],
    ['not accepted with what is not authentic', 'not-accepted', (json) => also(json, 'not-authentic')],
    ['not authentic for no reason', 'not-authentic', (json) => ({ ...json, findings: [] })],
    ['not authentic with other findings', 'not-authentic', (json) => also(json, 'warn')],
    ['authentic, and nothing shown', 'accepted', (json) => ({ ...json, statuses: [] })],
    ['more statuses than can be shown', 'accepted', status((all) => Array(9).fill(all[0]))],
    ['a status with a member of its own', 'accepted', status(([one]) => [{ ...one, holder: 'someone' }])],
    ['an id that is no digest', 'accepted', status(([one]) => [{ ...one, presentationId: 'x' }])],
    ['a region that is none', 'accepted', status(([one]) => [{ ...one, region: 'CN/HA' }])],
    ['a finding with a member of its own', 'not-accepted', finding({ text: 'x' })],
    ['a code of another than a verifier', 'not-accepted', finding({ code: 'internal-error' })],
    ['a credential before the first', 'not-accepted', finding({ credential: -1 })],
    ['a registry before the first', 'accepted', basis({ registryVersion: -1 })],
    ['a registry of the future', 'accepted', basis({ ageSeconds: -1 })],
    ['an age in parts of a second', 'accepted', basis({ ageSeconds: 0.5 })],
    ['a basis with a member of its own', 'accepted', basis({ region: 'CN-HA' })],
  ];
  it.each(bad)('%s is refused', (_, name, spoil) => {
    const json = JSON.parse(JSON.stringify(encodeVerdict(verdicts.get(name) ?? expect.unreachable())));
    expect([isVerdict(spoil(json)), isRead(spoil(json))]).toEqual([false, false]);
  });
});

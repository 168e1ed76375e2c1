import { isCode } from '@symbolon/protocol/codes';
import { Severity, STEPS } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import { type Outcome, outcomeOf } from '../outcome.ts';
import {
  LANGUAGES,
  textOf,
  textOfFinding,
  titleOfOutcome,
  titleOfSeverity,
  titleOfStep,
  VERDICT_CODES,
} from './index.ts';
import { STATUS_LIST } from './status-list.ts';
import { SHOWING } from './zh-showing.ts';
import { STATUS } from './zh-status.ts';
import { TRUST } from './zh-trust.ts';

const chinese = Object.entries({ ...SHOWING, ...STATUS, ...TRUST });
const ofList = Object.keys(STATUS_LIST).filter(isCode);
/** Words of Chinese and its punctuation: no Latin letter, no half-width stop, nothing left open. */
const CHINESE_SENTENCE = /^[\p{Script=Han}：，；、]+。$/u;
const OUTCOMES: readonly Outcome[] = ['accepted', 'referred', 'not-accepted', 'not-authentic'];

describe('texts', () => {
  it.each(chinese)('%s has a finished Chinese sentence: %s', (code, text) => {
    expect(isCode(code)).toBe(true);
    expect(text).toMatch(CHINESE_SENTENCE);
    expect(textOf(isCode(code) ? code : expect.unreachable(), 'zh')).toBe(text);
  });

  it('Chinese of verdicts is there for the codes that a verdict can carry, and no others', () => {
    expect(Object.keys({ ...SHOWING, ...STATUS })).toEqual(VERDICT_CODES);
  });

  it('no two codes say the same', () => {
    for (const language of LANGUAGES) {
      const said = [
        ...VERDICT_CODES.map((code) => textOf(code, language)),
        ...ofList.map((code) => textOf(code, language, 'status')),
      ];
      expect(new Set(said).size).toBe(VERDICT_CODES.length + ofList.length);
    }
  });

  it.each(VERDICT_CODES)('%s has a finished English sentence', (code) => {
    expect(textOf(code, 'en')).toMatch(/^[A-Z][\x20-\x7e’]+\.$/);
  });

  it('a code that no verifier says is told in English', () => {
    expect(textOf('event-unsigned', 'zh')).toBe(textOf('event-unsigned', 'en'));
  });

  it.each(ofList)('at the step status, %s is about the list', (code) => {
    expect(textOf(code, 'en', 'status')).toMatch(/^[A-Z][\x20-\x7e]*status list[\x20-\x7e]+\.$/);
    expect(textOf(code, 'zh', 'status')).toMatch(CHINESE_SENTENCE);
    expect(textOf(code, 'zh', 'status')).toMatch(/^状态列表/);
  });

  it('at another step, and without one, a code says the same as ever', () => {
    for (const language of LANGUAGES) {
      expect(textOf('key-unknown', language, 'key')).toBe(textOf('key-unknown', language));
      expect(textOf('status-revoked', language, 'status')).toBe(textOf('status-revoked', language));
    }
  });

  it.each([
    'key-unknown',
    'key-use',
    'key-not-valid-then',
    'signature-invalid',
    'algorithm-mismatch',
  ] as const)('%s of the code of a venue says nothing of a credential', (code) => {
    expect(textOf(code, 'en')).not.toMatch(/credential/);
    expect(textOf(code, 'zh')).not.toMatch(/凭证/);
  });

  it('what was not made for this place says what to scan, or to show again', () => {
    expect(LANGUAGES.map((language) => textOf('nonce-required', language))).toEqual([
      'This place asks by a code of its own: scan that code first.',
      '本场所用自己的场所码提出要求：请先扫描该码，再出示。',
    ]);
    expect(textOf('binding-audience', 'en')).toMatch(/another audience: show it afresh for this place\.$/);
  });

  it('REQ-BND-011 of what has no key, a thing has no portrait, and what neither is known of is told for both', () => {
    const status = (details: Record<string, string>) => ({ details });
    const verdict = {
      outcome: 'accepted',
      statuses: [status({ asset: 'urn:road:1' }), status({ initials: 'A. M.' }), status({})],
    };
    const [thing, person, either] = [0, 1, 2].map((credential) =>
      textOfFinding({ step: 'binding', code: 'bearer', credential }, verdict, 'en'),
    );
    expect(thing).toMatch(/^This is a label .* compare the name with the thing/);
    expect(person).toMatch(/^This is a card .* compare the portrait and the initials\.$/);
    expect(either).toBe(textOf('bearer', 'en'));
    expect(either).toMatch(/portrait.*label/);
    // One alone has no number.
    expect(textOfFinding({ step: 'binding', code: 'bearer' }, verdict, 'zh')).toMatch(/标签/);
    const other = { step: 'status', code: 'key-unknown' } as const;
    expect(textOfFinding(other, verdict, 'en')).toBe(textOf('key-unknown', 'en', 'status'));
  });

  it('outcomes, steps and severities have titles of their own in both languages', () => {
    for (const language of LANGUAGES) {
      const titles = [
        OUTCOMES.map((outcome) => titleOfOutcome(outcome, language)),
        STEPS.map((step) => titleOfStep(step, language)),
        Severity.options.map((severity) => titleOfSeverity(severity, language)),
      ];
      const form = language === 'en' ? /^[A-Z][a-z ]+$/ : /^\p{Script=Han}+$/u;
      for (const group of titles) {
        expect(new Set(group).size).toBe(group.length);
        for (const title of group) expect(title).toMatch(form);
      }
    }
  });

  it('a refusal is told by its reason', () => {
    expect(outcomeOf({ outcome: 'accepted' })).toBe('accepted');
    expect(outcomeOf({ outcome: 'refused', reason: 'not-accepted' })).toBe('not-accepted');
    expect(outcomeOf({ outcome: 'refused', reason: 'not-authentic' })).toBe('not-authentic');
  });
});

import { isCode } from '@symbolon/protocol/codes';
import { Severity, STEPS } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import {
  LANGUAGES,
  type Outcome,
  outcomeOf,
  textOf,
  titleOfOutcome,
  titleOfSeverity,
  titleOfStep,
  VERDICT_CODES,
} from './index.ts';
import { SHOWING } from './zh-showing.ts';
import { STATUS } from './zh-status.ts';
import { TRUST } from './zh-trust.ts';

const chinese = Object.entries({ ...SHOWING, ...STATUS, ...TRUST });
/** Words of Chinese and its punctuation: no Latin letter, no half-width stop, nothing left open. */
const CHINESE_SENTENCE = /^[\p{Script=Han}：，；、]+。$/u;
const OUTCOMES: readonly Outcome[] = ['accepted', 'referred', 'not-accepted', 'not-authentic'];

describe('texts', () => {
  it.each(chinese)('%s has a finished Chinese sentence: %s', (code, text) => {
    expect(isCode(code)).toBe(true);
    expect(text).toMatch(CHINESE_SENTENCE);
    expect(textOf(isCode(code) ? code : expect.unreachable(), 'zh')).toBe(text);
  });

  it('no two codes say the same', () => {
    for (const language of LANGUAGES)
      expect(new Set(VERDICT_CODES.map((code) => textOf(code, language))).size).toBe(VERDICT_CODES.length);
  });

  it.each(VERDICT_CODES)('%s has a finished English sentence', (code) => {
    expect(textOf(code, 'en')).toMatch(/^[A-Z][\x20-\x7e’]+\.$/);
  });

  it('a code that no verifier says is told in English', () => {
    expect(textOf('event-unsigned', 'zh')).toBe(textOf('event-unsigned', 'en'));
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

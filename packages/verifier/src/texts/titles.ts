import type { Severity, Step } from '@symbolon/protocol/schemas/verdict';
import type { Outcome } from '../outcome.ts';

/** The languages that there are texts in. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

export type Words = Readonly<Record<Language, string>>;

const OUTCOMES: Readonly<Record<Outcome, Words>> = {
  accepted: { en: 'Accepted', zh: '通过' },
  referred: { en: 'A person must decide', zh: '需人工处理' },
  'not-accepted': { en: 'Not accepted', zh: '不予通过' },
  'not-authentic': { en: 'Not authentic', zh: '无法确认真伪' },
};

const STEPS: Readonly<Record<Step, Words>> = {
  decode: { en: 'Reading', zh: '读取' },
  key: { en: 'Issuer and key', zh: '签发方与密钥' },
  signature: { en: 'Signature', zh: '签名' },
  time: { en: 'Times', zh: '时间' },
  binding: { en: 'Proof by the holder', zh: '持有人证明' },
  status: { en: 'Current status', zh: '当前状态' },
  rule: { en: 'Rule', zh: '规则' },
  recognition: { en: 'Recognition', zh: '互认' },
  acceptance: { en: 'Policy of this place', zh: '本场所的要求' },
};

const SEVERITIES: Readonly<Record<Severity, Words>> = {
  info: { en: 'Note', zh: '提示' },
  warn: { en: 'Warning', zh: '警告' },
  referred: { en: 'For a person to decide', zh: '需人工处理' },
  'not-accepted': { en: 'Not accepted', zh: '不予通过' },
  'not-authentic': { en: 'Not authentic', zh: '无法确认真伪' },
};

/** @param outcome as `outcomeOf` tells it of a verdict */
export function titleOfOutcome(outcome: Outcome, language: Language): string {
  return OUTCOMES[outcome][language];
}

export function titleOfStep(step: Step, language: Language): string {
  return STEPS[step][language];
}

export function titleOfSeverity(severity: Severity, language: Language): string {
  return SEVERITIES[severity][language];
}

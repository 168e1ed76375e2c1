import { positiveFor, positiveTest, type RuleFile } from './rule.ts';

function positive(days: number): RuleFile {
  return {
    ...positiveTest,
    id: `test-positive-${days}d`,
    level: 'positive',
    when: positiveFor(days * 24),
    words: {
      en: `A positive laboratory test in the last ${days} days`,
      zh: `${days}日内核酸检测阳性`,
    },
  };
}

function negative(id: string, hours: number, words: RuleFile['words']): RuleFile {
  return {
    ...positiveTest,
    id,
    level: 'negative',
    when: `pcr.exists(p, p.result == "negative" && now - p.at < duration("${hours}h"))`,
    words,
    contestHours: 48,
  };
}

function negativeDays(days: number): RuleFile {
  return negative(`test-negative-${days}d`, days * 24, {
    en: `A negative laboratory test in the last ${days} days`,
    zh: `${days}日内核酸检测阴性`,
  });
}

function negativeHours(hours: number): RuleFile {
  return negative(`test-negative-${hours}h`, hours, {
    en: `A negative laboratory test in the last ${hours} hours`,
    zh: `${hours}小时内核酸检测阴性`,
  });
}

export const TEST_RULES = {
  // Which of 24, 48 and 72 hours it is, its rule tells; a place can also ask for an age.
  'CN-BJ': [positive(7), negativeHours(24), negativeHours(48), negativeDays(3)],
  'CN-GD': [positive(7), negativeDays(5)],
  'CN-HA': [positive(10), negativeDays(7)],
} as const satisfies Record<string, readonly RuleFile[]>;

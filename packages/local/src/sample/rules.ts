import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type * as z from 'zod/mini';
import type { SampleRegion } from './regions.ts';
import type { SampleScheme } from './schemes.ts';

type RuleSetFile = z.input<typeof RuleSet>;
type RuleFile = RuleSetFile['rules'][number];

/** In force for the whole life of the sample. */
const IN_FORCE = { from: '2025-01-01T00:00:00Z', sunset: '2030-01-01T00:00:00Z' } as const;

const DISEASE_LAW = {
  en: 'Law on the Prevention and Treatment of Infectious Diseases, medical observation of cases and contacts',
  zh: '《中华人民共和国传染病防治法》关于病人及密切接触者医学措施的规定',
} as const;
const EMERGENCY_LAW = {
  en: 'Regulation on Public Health Emergencies, measures for people from areas at risk',
  zh: '《突发公共卫生事件应急条例》关于疫区人员措施的规定',
} as const;

/** A positive test counts until a negative one that was taken at least a day later. */
const POSITIVE = `pcr.exists(p, p.result == "positive" && now - p.at < duration("168h") &&
  !pcr.exists(q, q.result == "negative" && q.at - p.at >= duration("24h")))`;

const positiveTest: RuleFile = {
  id: 'positive-test-7d',
  version: 1,
  level: 'red',
  when: POSITIVE,
  authorities: ['cdc'],
  evidence: 'laboratory',
  legalBasis: DISEASE_LAW,
  words: { en: 'A positive laboratory test in the last 7 days', zh: '7日内核酸检测阳性' },
  ...IN_FORCE,
  contestHours: 24,
};

function contactRule(kind: 'close' | 'secondary', level: string, days: number, version = 1): RuleFile {
  const english = kind === 'close' ? 'Close contact' : 'Contact of a close contact';
  const chinese = kind === 'close' ? '密切接触者' : '次密切接触者';
  return {
    id: `${kind}-contact-${days}d`,
    version,
    level,
    when: `contact.exists(c, c.kind == "${kind}" && now - c.at < duration("${days * 24}h"))`,
    authorities: ['cdc', 'community'],
    evidence: 'contact-tracing',
    legalBasis: DISEASE_LAW,
    words: {
      en: `${english} of a confirmed case in the last ${days} days`,
      zh: `${days}日内为确诊病例的${chinese}`,
    },
    ...IN_FORCE,
    contestHours: 48,
  };
}

function stayRule(risk: 'high' | 'medium', level: string, days: number): RuleFile {
  return {
    id: `${risk}-risk-stay-${days}d`,
    version: 1,
    level,
    when: `stay.exists(s, s.risk == "${risk}" && now - s.at < duration("${days * 24}h"))`,
    authorities: ['cdc', 'transport'],
    evidence: 'travel-history',
    legalBasis: EMERGENCY_LAW,
    words: {
      en: `Stay in an area of ${risk} risk in the last ${days} days`,
      zh: `${days}日内有${risk === 'high' ? '高' : '中'}风险地区旅居史`,
    },
    ...IN_FORCE,
    contestHours: 48,
  };
}

const symptoms: RuleFile = {
  id: 'symptoms-2d',
  version: 1,
  level: 'amber',
  when: 'declaration.exists(d, (d.fever || d.cough) && now - d.at < duration("48h"))',
  authorities: ['community'],
  evidence: 'self-declaration',
  legalBasis: EMERGENCY_LAW,
  words: { en: 'Fever or cough declared in the last 2 days', zh: '2日内申报发热或咳嗽' },
  ...IN_FORCE,
  contestHours: 24,
};

/** Nothing speaks against it. Always last. */
const clear: RuleFile = {
  id: 'clear',
  version: 1,
  level: 'green',
  when: 'true',
  authorities: ['cdc', 'community'],
  evidence: 'no-adverse-fact',
  legalBasis: EMERGENCY_LAW,
  words: { en: 'No adverse fact is known', zh: '无异常信息' },
  ...IN_FORCE,
  contestHours: 72,
};

function testPositive(days: number): RuleFile {
  return {
    ...positiveTest,
    id: `test-positive-${days}d`,
    level: 'positive',
    when: POSITIVE.replace('168h', `${days * 24}h`),
    words: {
      en: `A positive laboratory test in the last ${days} days`,
      zh: `${days}日内核酸检测阳性`,
    },
  };
}

function testNegative(days: number): RuleFile {
  return {
    ...positiveTest,
    id: `test-negative-${days}d`,
    level: 'negative',
    when: `pcr.exists(p, p.result == "negative" && now - p.at < duration("${days * 24}h"))`,
    words: {
      en: `A negative laboratory test in the last ${days} days`,
      zh: `${days}日内核酸检测阴性`,
    },
    contestHours: 48,
  };
}

/** The same diseases, judged a little differently: that is what recognition has to bridge. */
const RULES: Readonly<Record<SampleRegion, Readonly<Record<SampleScheme, readonly RuleFile[]>>>> = {
  'CN-BJ': {
    health: [
      positiveTest,
      contactRule('close', 'red', 7),
      stayRule('high', 'red', 7),
      contactRule('secondary', 'amber', 7),
      stayRule('medium', 'amber', 7),
      symptoms,
      clear,
    ],
    test: [testPositive(7), testNegative(3)],
  },
  'CN-GD': {
    health: [
      positiveTest,
      contactRule('close', 'red', 5),
      stayRule('high', 'amber', 7),
      contactRule('secondary', 'amber', 3),
      symptoms,
      clear,
    ],
    test: [testPositive(7), testNegative(5)],
  },
  'CN-HA': {
    health: [
      positiveTest,
      contactRule('close', 'red', 14, 3),
      stayRule('high', 'red', 14),
      contactRule('secondary', 'amber', 7),
      stayRule('medium', 'amber', 3),
      clear,
    ],
    test: [testPositive(10), testNegative(7)],
  },
};

/** `regions/<id>/rules.<scheme>.json` */
export function sampleRules(region: SampleRegion, scheme: SampleScheme): RuleSetFile {
  return { region, scheme, rules: [...RULES[region][scheme]] };
}

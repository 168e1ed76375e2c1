import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type * as z from 'zod/mini';

export type RuleSetFile = z.input<typeof RuleSet>;
export type RuleFile = RuleSetFile['rules'][number];

/** What the rules of several schemes have in common. */

/** In force for the whole life of the sample. */
export const IN_FORCE = { from: '2025-01-01T00:00:00Z', sunset: '2030-01-01T00:00:00Z' } as const;

export const DISEASE_LAW = {
  en: 'Law on the Prevention and Treatment of Infectious Diseases, medical observation of cases and contacts',
  zh: '《中华人民共和国传染病防治法》关于病人及密切接触者医学措施的规定',
} as const;
export const EMERGENCY_LAW = {
  en: 'Regulation on Public Health Emergencies, measures for people from areas at risk',
  zh: '《突发公共卫生事件应急条例》关于疫区人员措施的规定',
} as const;
export const VACCINE_LAW = {
  en: 'Vaccine Administration Law, records of vaccination',
  zh: '《中华人民共和国疫苗管理法》关于预防接种记录的规定',
} as const;
export const ROAD_LAW = {
  en: 'Road Traffic Safety Law, restrictions by the condition of the road',
  zh: '《中华人民共和国道路交通安全法》关于道路通行条件的规定',
} as const;

/** A positive test counts until a negative one that was taken at least a day later. */
export function positiveFor(hours: number): string {
  return `pcr.exists(p, p.result == "positive" && now - p.at < duration("${hours}h") &&
  !pcr.exists(q, q.result == "negative" && q.at - p.at >= duration("24h")))`;
}

export const positiveTest: RuleFile = {
  id: 'positive-test-7d',
  version: 1,
  level: 'red',
  when: positiveFor(7 * 24),
  authorities: ['cdc'],
  evidence: 'laboratory',
  legalBasis: DISEASE_LAW,
  words: { en: 'A positive laboratory test in the last 7 days', zh: '7日内核酸检测阳性' },
  ...IN_FORCE,
  contestHours: 24,
};

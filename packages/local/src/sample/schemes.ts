import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type * as z from 'zod/mini';

type SchemeFile = z.input<typeof Scheme>;

/** A laboratory test. Both schemes read it. */
const PCR = {
  titles: { en: 'Nucleic acid test', zh: '核酸检测' },
  fields: { result: 'string' },
  values: { result: ['positive', 'negative'] },
  keepHours: 14 * 24,
} satisfies SchemeFile['factTypes'][string];

/** How likely someone is to carry an infection. */
export const HEALTH = {
  id: 'health',
  major: 1,
  titles: { en: 'Health status', zh: '健康状态' },
  subjects: 'person',
  purposes: ['venue-entry', 'public-transport', 'interregional-travel'],
  levels: [
    { id: 'green', effect: 'favourable', titles: { en: 'Green', zh: '绿码' } },
    { id: 'amber', effect: 'adverse', titles: { en: 'Amber', zh: '黄码' } },
    { id: 'red', effect: 'adverse', titles: { en: 'Red', zh: '红码' } },
  ],
  factTypes: {
    pcr: PCR,
    contact: {
      titles: { en: 'Contact with a confirmed case', zh: '与确诊病例接触' },
      fields: { kind: 'string' },
      values: { kind: ['close', 'secondary'] },
      keepHours: 28 * 24,
    },
    stay: {
      titles: { en: 'Stay in an area at risk', zh: '风险地区旅居史' },
      fields: { risk: 'string' },
      values: { risk: ['high', 'medium', 'low'] },
      keepHours: 14 * 24,
    },
    declaration: {
      titles: { en: 'Daily self-declaration', zh: '每日健康申报' },
      fields: { fever: 'bool', cough: 'bool' },
      keepHours: 3 * 24,
    },
  },
  evidenceClasses: ['laboratory', 'contact-tracing', 'travel-history', 'self-declaration', 'no-adverse-fact'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
} satisfies SchemeFile;

/** The result of a test, with the time of the sample: how old it may be is for each place to say. */
export const TEST = {
  id: 'test',
  major: 1,
  titles: { en: 'Test result', zh: '检测结果' },
  subjects: 'person',
  purposes: ['venue-entry', 'interregional-travel', 'hospital-visit'],
  levels: [
    { id: 'negative', effect: 'favourable', titles: { en: 'Negative', zh: '阴性' } },
    { id: 'positive', effect: 'adverse', titles: { en: 'Positive', zh: '阳性' } },
  ],
  factTypes: { pcr: PCR },
  evidenceClasses: ['laboratory'],
  longestValidityHours: 24,
  statusList: true,
  ageFrom: 'pcr',
  bearer: false,
} satisfies SchemeFile;

export const SAMPLE_SCHEMES = { health: HEALTH, test: TEST } as const;
export type SampleScheme = keyof typeof SAMPLE_SCHEMES;

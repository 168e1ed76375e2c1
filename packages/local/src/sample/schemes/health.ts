import { PCR, RISK_AREA, type SchemeFile } from './fact-types.ts';

/** How likely someone is to carry an infection, by place, time and contact. */
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
      titles: { en: 'Stay at a place', zh: '旅居史' },
      fields: { place: 'string' },
      keepHours: 28 * 24,
    },
    riskArea: RISK_AREA,
    /** One a day: its source gives it the day as its id. */
    declaration: {
      titles: { en: 'Daily self-declaration', zh: '每日健康申报' },
      fields: { fever: 'bool', cough: 'bool' },
      keepHours: 28 * 24,
    },
  },
  evidenceClasses: ['laboratory', 'contact-tracing', 'travel-history', 'self-declaration', 'no-adverse-fact'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
} satisfies SchemeFile;

import type { SchemeFile } from './fact-types.ts';

/** Nobody is adverse here: whoever has no dose has no status. */
export const VACCINATION = {
  id: 'vaccination',
  major: 1,
  titles: { en: 'Vaccination', zh: '疫苗接种' },
  subjects: 'person',
  purposes: ['venue-entry', 'interregional-travel', 'hospital-visit'],
  levels: [
    { id: 'complete', effect: 'favourable', titles: { en: 'Complete', zh: '全程接种' } },
    { id: 'partial', effect: 'favourable', titles: { en: 'Partial', zh: '部分接种' } },
  ],
  factTypes: {
    dose: {
      titles: { en: 'Dose of a vaccine', zh: '接种记录' },
      fields: { course: 'string' },
      /** How many doses its vaccine takes. */
      values: { course: ['one-dose', 'two-dose'] },
      keepHours: 24 * 366 * 2,
    },
  },
  evidenceClasses: ['vaccination-record'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
} satisfies SchemeFile;

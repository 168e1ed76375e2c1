import { PCR, type SchemeFile } from './fact-types.ts';

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

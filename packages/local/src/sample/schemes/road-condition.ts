import type { SchemeFile } from './fact-types.ts';

/** Of a section of road, not of a person: one printed credential, which police, transport and city verify alike. */
export const ROAD_CONDITION = {
  id: 'road-condition',
  major: 1,
  titles: { en: 'Road condition', zh: '道路状况' },
  subjects: 'asset',
  purposes: ['patrol', 'freight-dispatch', 'road-maintenance'],
  levels: [
    { id: 'green', effect: 'favourable', titles: { en: 'Passable', zh: '畅通' } },
    { id: 'amber', effect: 'adverse', titles: { en: 'With caution', zh: '谨慎通行' } },
    { id: 'red', effect: 'adverse', titles: { en: 'Closed', zh: '封闭' } },
  ],
  factTypes: {
    reading: {
      titles: { en: 'Reading of a road sensor', zh: '道路传感器读数' },
      fields: { surface: 'string', waterMillimetres: 'int' },
      values: { surface: ['dry', 'wet', 'ice'] },
      keepHours: 24,
    },
  },
  evidenceClasses: ['sensor'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
} satisfies SchemeFile;

import { RISK_AREA, type SchemeFile } from './fact-types.ts';

/** The places of 14 days: clear, or not. Which they were, nobody who verifies it sees. */
export const TRAVEL = {
  id: 'travel',
  major: 1,
  titles: { en: 'Travel history', zh: '行程记录' },
  subjects: 'person',
  purposes: ['venue-entry', 'public-transport', 'interregional-travel'],
  levels: [
    { id: 'clear', effect: 'favourable', titles: { en: 'Clear', zh: '行程正常' } },
    { id: 'not-clear', effect: 'adverse', titles: { en: 'Not clear', zh: '到访风险地区' } },
  ],
  factTypes: {
    visit: {
      titles: { en: 'Visit to a place', zh: '到访地点' },
      fields: { place: 'string' },
      keepHours: 14 * 24,
    },
    riskArea: RISK_AREA,
  },
  evidenceClasses: ['travel-history', 'no-adverse-fact'],
  longestValidityHours: 24,
  statusList: true,
  bearer: false,
} satisfies SchemeFile;

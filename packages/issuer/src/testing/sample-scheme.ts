/** The scheme and the rules of the sample region, as they are written in the registry. */
const words = { en: 'words', zh: '说明' };
const titles = words;

export const SAMPLE_SCHEME = {
  id: 'health',
  major: 1,
  titles,
  subjects: 'person',
  purposes: ['venue-entry'],
  levels: [
    { id: 'green', effect: 'favourable', titles },
    { id: 'amber', effect: 'adverse', titles },
    { id: 'red', effect: 'adverse', titles },
  ],
  factTypes: {
    pcr: {
      titles,
      fields: { result: 'string' },
      values: { result: ['positive', 'negative'] },
      keepHours: 240,
    },
    stay: { titles, fields: { risk: 'string' }, keepHours: 240 },
    visit: { titles, fields: { place: 'string' }, keepHours: 240 },
    riskArea: {
      titles,
      fields: { place: 'string', risk: 'string' },
      values: { risk: ['low', 'high'] },
      about: 'place',
      keepHours: 240,
    },
  },
  evidenceClasses: ['laboratory', 'movement', 'none'],
  longestValidityHours: 24,
  statusList: true,
  ageFrom: 'pcr',
  bearer: false,
} as const;

const rule = (id: string, level: string, when: string, evidence: string) => ({
  id,
  version: 1,
  level,
  when,
  authorities: ['cdc'],
  evidence,
  legalBasis: words,
  words: { en: `Because of ${id}.`, zh: words.zh },
  from: '2026-01-01T00:00:00Z',
  sunset: '2027-01-01T00:00:00Z',
  contestHours: 24,
});

/** Red for a week after a positive test; amber for whoever was in a place of high risk; green for three days after a negative test. */
export const SAMPLE_RULES = {
  region: 'CN-BJ',
  scheme: 'health',
  rules: [
    rule(
      'positive',
      'red',
      'pcr.exists(p, p.result == "positive" && now - p.at < duration("168h"))',
      'laboratory',
    ),
    rule('risk-area', 'amber', 'riskArea.exists(r, r.risk == "high")', 'movement'),
    rule(
      'tested',
      'green',
      'pcr.exists(p, p.result == "negative" && now - p.at < duration("72h"))',
      'laboratory',
    ),
  ],
};

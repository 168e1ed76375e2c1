import type { SchemeFile } from './fact-types.ts';

/** Who may enter a compound. A district decides it, and the region above recognises it. */
export const COMMUNITY_PASS = {
  id: 'community-pass',
  major: 1,
  titles: { en: 'Community pass', zh: '社区通行证' },
  subjects: 'person',
  purposes: ['compound-entry'],
  levels: [
    { id: 'resident', effect: 'favourable', titles: { en: 'Resident', zh: '居民' } },
    { id: 'visitor', effect: 'favourable', titles: { en: 'Visitor of the day', zh: '当日访客' } },
    { id: 'stay-home', effect: 'adverse', titles: { en: 'Stays at home', zh: '居家观察' } },
  ],
  factTypes: {
    residence: {
      titles: { en: 'Lives in the compound', zh: '居住登记' },
      fields: { kind: 'string' },
      values: { kind: ['owner', 'tenant'] },
      keepHours: 24 * 180,
    },
    visit: {
      titles: { en: 'Visit that a resident announced', zh: '访客登记' },
      fields: {},
      keepHours: 24,
    },
    observation: {
      titles: { en: 'Medical observation at home', zh: '居家医学观察' },
      fields: { ended: 'bool' },
      keepHours: 24 * 14,
    },
  },
  evidenceClasses: ['residence-register', 'self-declaration', 'contact-tracing'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
} satisfies SchemeFile;

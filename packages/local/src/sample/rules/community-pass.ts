import { EMERGENCY_LAW, IN_FORCE, type RuleFile } from './rule.ts';

const pass = {
  version: 1,
  authorities: ['community'],
  legalBasis: EMERGENCY_LAW,
  ...IN_FORCE,
  contestHours: 24,
};

/** What a district decides about its compounds. */
export const COMMUNITY_RULES: readonly RuleFile[] = [
  {
    ...pass,
    id: 'observation-7d',
    level: 'stay-home',
    when: `observation.exists(o, !o.ended && now - o.at < duration("168h") && !observation.exists(e, e.ended && e.at > o.at))`,
    evidence: 'contact-tracing',
    words: { en: 'Under medical observation at home, for at most 7 days', zh: '居家医学观察，至多7日' },
  },
  {
    ...pass,
    id: 'resident-90d',
    level: 'resident',
    when: 'residence.exists(r, now - r.at < duration("2160h"))',
    evidence: 'residence-register',
    words: { en: 'Registered as living here in the last 90 days', zh: '90日内居住登记有效' },
  },
  {
    ...pass,
    id: 'visitor-12h',
    level: 'visitor',
    when: 'visit.exists(v, now - v.at < duration("12h"))',
    evidence: 'self-declaration',
    words: { en: 'A visit that a resident announced in the last 12 hours', zh: '12小时内居民登记的访客' },
  },
];

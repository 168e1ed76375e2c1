import { EMERGENCY_LAW, IN_FORCE, type RuleFile } from './rule.ts';

const travel = {
  version: 1,
  authorities: ['transport'],
  legalBasis: EMERGENCY_LAW,
  ...IN_FORCE,
  contestHours: 48,
};

export const TRAVEL_RULES: readonly RuleFile[] = [
  {
    ...travel,
    id: 'risk-area-visit-14d',
    level: 'not-clear',
    when: `visit.exists(v, now - v.at < duration("336h") && riskArea.exists(r, r.place == v.place && r.risk in ["high", "medium"]))`,
    evidence: 'travel-history',
    words: {
      en: 'Visit to an area of high or medium risk in the last 14 days',
      zh: '14日内到访中高风险地区',
    },
  },
  {
    ...travel,
    id: 'no-risk-area-14d',
    level: 'clear',
    when: 'true',
    evidence: 'no-adverse-fact',
    words: { en: 'No visit to an area at risk in the last 14 days is known', zh: '14日内无风险地区到访记录' },
  },
];

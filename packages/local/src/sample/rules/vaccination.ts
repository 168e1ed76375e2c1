import { IN_FORCE, type RuleFile, VACCINE_LAW } from './rule.ts';

const record = {
  version: 1,
  authorities: ['cdc'],
  evidence: 'vaccination-record',
  legalBasis: VACCINE_LAW,
  ...IN_FORCE,
  contestHours: 72,
};

/** Fourteen days after its last dose a course protects. */
export const VACCINATION_RULES: readonly RuleFile[] = [
  {
    ...record,
    id: 'course-complete',
    level: 'complete',
    when: `dose.exists(d, d.course == "one-dose" && now - d.at >= duration("336h")) ||
  dose.filter(d, d.course == "two-dose" && now - d.at >= duration("336h")).size() >= 2`,
    words: { en: 'All doses, the last one 14 days ago or earlier', zh: '全程接种满14日' },
  },
  {
    ...record,
    id: 'course-begun',
    level: 'partial',
    when: 'size(dose) > 0',
    words: { en: 'A course that is begun, or less than 14 days old', zh: '已接种，未满14日或未全程' },
  },
];

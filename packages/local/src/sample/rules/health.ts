import { DISEASE_LAW, EMERGENCY_LAW, IN_FORCE, positiveTest, type RuleFile } from './rule.ts';

function contactRule(kind: 'close' | 'secondary', level: string, days: number, version = 1): RuleFile {
  const english = kind === 'close' ? 'Close contact' : 'Contact of a close contact';
  const chinese = kind === 'close' ? '密切接触者' : '次密切接触者';
  return {
    id: `${kind}-contact-${days}d`,
    version,
    level,
    when: `contact.exists(c, c.kind == "${kind}" && now - c.at < duration("${days * 24}h"))`,
    authorities: ['cdc', 'community'],
    evidence: 'contact-tracing',
    legalBasis: DISEASE_LAW,
    words: {
      en: `${english} of a confirmed case in the last ${days} days`,
      zh: `${days}日内为确诊病例的${chinese}`,
    },
    ...IN_FORCE,
    contestHours: 48,
  };
}

/** It ends after so many days, with as many daily check-ins since the stay that tell of no symptom. Until they are all there, it goes on. */
function stayRule(risk: 'high' | 'medium', level: string, days: number): RuleFile {
  return {
    id: `${risk}-risk-stay-${days}d`,
    version: 1,
    level,
    when: `stay.exists(s, riskArea.exists(r, r.place == s.place && r.risk == "${risk}") && (now - s.at < duration("${days * 24}h") ||
  declaration.filter(d, d.at > s.at && !(d.fever || d.cough)).size() < ${days}))`,
    authorities: ['cdc', 'transport'],
    evidence: 'travel-history',
    legalBasis: EMERGENCY_LAW,
    words: {
      en: `Stay in an area of ${risk} risk, until ${days} days have passed with a check-in on each`,
      zh: `有${risk === 'high' ? '高' : '中'}风险地区旅居史，须满${days}日并每日健康申报`,
    },
    ...IN_FORCE,
    contestHours: 48,
  };
}

const symptoms: RuleFile = {
  id: 'symptoms-2d',
  version: 1,
  level: 'amber',
  when: 'declaration.exists(d, (d.fever || d.cough) && now - d.at < duration("48h"))',
  authorities: ['community'],
  evidence: 'self-declaration',
  legalBasis: EMERGENCY_LAW,
  words: { en: 'Fever or cough declared in the last 2 days', zh: '2日内申报发热或咳嗽' },
  ...IN_FORCE,
  contestHours: 24,
};

/** Nothing speaks against it. Always last. */
const clear: RuleFile = {
  id: 'clear',
  version: 1,
  level: 'green',
  when: 'true',
  authorities: ['cdc', 'community'],
  evidence: 'no-adverse-fact',
  legalBasis: EMERGENCY_LAW,
  words: { en: 'No adverse fact is known', zh: '无异常信息' },
  ...IN_FORCE,
  contestHours: 72,
};

/** The same disease, judged a little differently: that is what recognition has to bridge. */
export const HEALTH_RULES = {
  'CN-BJ': [
    positiveTest,
    contactRule('close', 'red', 7),
    stayRule('high', 'red', 14),
    contactRule('secondary', 'amber', 7),
    stayRule('medium', 'amber', 7),
    symptoms,
    clear,
  ],
  // A close contact is red for five days, and amber for two more.
  'CN-GD': [
    positiveTest,
    contactRule('close', 'red', 5),
    stayRule('high', 'amber', 7),
    contactRule('close', 'amber', 7),
    contactRule('secondary', 'amber', 3),
    symptoms,
    clear,
  ],
  'CN-HA': [
    positiveTest,
    contactRule('close', 'red', 14, 3),
    stayRule('high', 'red', 14),
    contactRule('secondary', 'amber', 7),
    stayRule('medium', 'amber', 7),
    clear,
  ],
} as const satisfies Record<string, readonly RuleFile[]>;

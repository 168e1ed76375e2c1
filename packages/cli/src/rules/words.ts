import { DAY_SECONDS, formatInstant, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '@symbolon/rules/fact';
import type { Language } from '@symbolon/verifier/texts';

/** What `explain` and `diff` say, by language. */
export const WORDS = {
  en: {
    title: (region: string, scheme: string, at: string) => `Rules of ${region} for ${scheme}, at ${at}`,
    counted: 'Facts that count',
    uncounted: 'Facts that do not count: not observed yet, or too long ago',
    none: 'none',
    decides: 'decides',
    holds: 'holds, but an earlier one decides',
    doesNotHold: 'does not hold',
    notInForce: 'not in force',
    decision: 'Decision',
    noDecision: 'No rule decides: there is no status.',
    evidence: 'Evidence',
    legalBasis: 'Legal basis',
    contest: (hours: number) => `Can be contested; the office answers within ${hours} hours`,
    until: (at: string) => `If no fact comes in and the rules stay: until ${at}`,
    afterwards: 'then',
    noStatus: 'no status',
    forever: 'If no fact comes in and the rules stay, no later change was found.',
    ago: 'ago',
    ahead: 'from now',
    day: 'd',
    hour: 'h',
    minute: 'min',
    second: 's',
    gap: ' ',
  },
  zh: {
    title: (region: string, scheme: string, at: string) => `${region} 的${scheme}规则，时间 ${at}`,
    counted: '计入的事实',
    uncounted: '不计入的事实（尚未发生，或已超过时限）',
    none: '无',
    decides: '据此判定',
    holds: '成立，但已有在先规则判定',
    doesNotHold: '不成立',
    notInForce: '未施行',
    decision: '判定结果',
    noDecision: '没有规则适用：不产生状态。',
    evidence: '证据类别',
    legalBasis: '法律依据',
    contest: (hours: number) => `可以提出异议，主管机构须在 ${hours} 小时内答复`,
    until: (at: string) => `若无新的事实且规则不变，有效至 ${at}`,
    afterwards: '此后',
    noStatus: '无状态',
    forever: '若无新的事实且规则不变，未发现以后的变化。',
    ago: '前',
    ahead: '后',
    day: '天',
    hour: '小时',
    minute: '分',
    second: '秒',
    gap: '',
  },
} as const;

/** A level with its title: `red (Red)`. */
export function levelText(scheme: Scheme, level: string | undefined, language: Language): string {
  if (level === undefined) return WORDS[language].noStatus;
  const title = scheme.levels.find(({ id }) => id === level)?.titles[language];
  return title === undefined ? level : `${level} (${title})`;
}

/** `contact (Contact with a confirmed case), 2026-09-06T08:00:00Z, 1 d ago: kind = close` */
export function factText(
  scheme: Scheme,
  { type, at, fields }: Fact,
  now: Instant,
  language: Language,
): string {
  const factType = own(scheme.factTypes, type);
  const values = Object.entries(fields).map(([name, value]) => {
    const isTime = own(factType?.fields ?? {}, name) === 'timestamp' && typeof value === 'number';
    return `${name} = ${isTime ? new Date(value * 1000).toISOString() : value}`;
  });
  const titles = factType?.titles[language] ?? type;
  const said = values.length === 0 ? '' : `: ${values.join(', ')}`;
  return `${type} (${titles}), ${formatInstant(at)}, ${ageText(now - at, language)}${said}`;
}

/** `14 d 2 h ago` */
function ageText(seconds: number, language: Language): string {
  const words = WORDS[language];
  let left = Math.abs(seconds);
  const parts: string[] = [];
  const units = [
    [DAY_SECONDS, words.day],
    [HOUR_SECONDS, words.hour],
    [60, words.minute],
    [1, words.second],
  ] as const;
  for (const [size, unit] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${words.gap}${unit}`);
  }
  const length = parts.length === 0 ? `0${words.gap}${words.hour}` : parts.join(words.gap);
  return `${length}${words.gap}${seconds < 0 ? words.ahead : words.ago}`;
}
